/* SPDX-License-Identifier: Apache-2.0 */
/* execs HOST COMMAND…: becomes COMMAND after a handshake that succeeded. */
#include <unistd.h>

#include "handshake.h"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  SSL_CTX* ctx = verifying_context();
  if (ctx == NULL || !shakes_hands(ctx, argv[1])) return 1;
  execvp(argv[2], argv + 2);
  return 2;
}
