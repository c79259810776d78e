/* SPDX-License-Identifier: Apache-2.0 */
/* cleans_up HOST: after a handshake unloads its modules and OpenSSL, as some programs do before they end, and ends. */
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <stdio.h>

#include "handshake.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  SSL_CTX* ctx = verifying_context();
  if (ctx == NULL) return 2;
  const int done = shakes_hands(ctx, argv[1]);
  SSL_CTX_free(ctx);
  CONF_modules_unload(1);
  OPENSSL_cleanup();
  puts(done ? "accepted" : "refused");
  return done ? 0 : 1;
}
