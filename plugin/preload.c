/* SPDX-License-Identifier: Apache-2.0 */
/* The door for LD_PRELOAD. It is in every program that is started, so it needs the C library alone and does one thing:
 * where the program is linked with libssl it loads the plugin that lies beside it. Programs that load libssl later come
 * in by the other door, when OpenSSL reads its configuration. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As a shell says of a command that it cannot run. */
enum { cannot_run = 126 };

static const char plugin[] = "danelaw-plugin.so";

/* The plugin beside this object, found by this object's own name: $ORIGIN is that of whoever calls dlopen(), and another
 * preloaded object may call it for us. NULL where there is no room. */
static const char* path_of_plugin(char* path, size_t octets) {
  Dl_info info;
  if (dladdr(plugin, &info) == 0 || info.dli_fname == NULL) return NULL;
  const char* slash = strrchr(info.dli_fname, '/');
  const size_t folder = slash == NULL ? 0 : (size_t)(slash - info.dli_fname) + 1;
  if (folder + sizeof plugin > octets) return NULL;
  memcpy(path, info.dli_fname, folder);
  memcpy(path + folder, plugin, sizeof plugin);
  return path;
}

static const char* problem_of(const char* path) {
  if (path == NULL) return "its path is too long";
  return dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL ? dlerror() : NULL;
}

__attribute__((constructor)) static void open_door(void) {
  char path[PATH_MAX];
  if (dlsym(RTLD_DEFAULT, "SSL_CTX_new") == NULL) return;
  const char* problem = problem_of(path_of_plugin(path, sizeof path));
  if (problem == NULL) return;
  /* Without the plugin the program would take any peer that it always took. */
  fprintf(stderr, "danelaw: the plugin cannot be loaded, so this program is not run: %s\n", problem);
  _exit(cannot_run);
}
