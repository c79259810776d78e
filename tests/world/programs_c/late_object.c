/* SPDX-License-Identifier: Apache-2.0 */
/* What opens_late loads. */
#include "handshake.h"

__attribute__((visibility("default"))) int shakes_hands_with(const char* host) {
  SSL_CTX* ctx = verifying_context();
  const int done = ctx != NULL && shakes_hands(ctx, host);
  SSL_CTX_free(ctx);
  return done;
}
