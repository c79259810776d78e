/* SPDX-License-Identifier: Apache-2.0 */
/* shakes_hands HOST: says whether the handshake succeeded. Also linked statically. */
#include <stdio.h>

#include "handshake.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  SSL_CTX* ctx = verifying_context();
  if (ctx == NULL) return 2;
  const int done = shakes_hands(ctx, argv[1]);
  SSL_CTX_free(ctx);
  puts(done ? "accepted" : "refused");
  return done ? 0 : 1;
}
