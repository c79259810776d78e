/* SPDX-License-Identifier: Apache-2.0 */
/* The door for LD_PRELOAD. It is in every program that is started, so it needs the C library alone and does one thing:
 * where the program is linked with libssl it loads the plugin that lies beside it. Programs that load libssl later come
 * in by the other door, when OpenSSL reads its configuration. */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

/* As a shell says of a command that it cannot run. */
enum { cannot_run = 126 };

__attribute__((constructor)) static void open_door(void) {
  if (dlsym(RTLD_DEFAULT, "SSL_CTX_new") == NULL) return;
  if (dlopen("${ORIGIN}/danelaw-plugin.so", RTLD_NOW | RTLD_LOCAL) != NULL) return;
  /* Without the plugin the program would take any peer that it always took. */
  fprintf(stderr, "danelaw: the plugin cannot be loaded, so this program is not run: %s\n", dlerror());
  _exit(cannot_run);
}
