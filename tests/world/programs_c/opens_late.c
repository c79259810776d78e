/* SPDX-License-Identifier: Apache-2.0 */
/* opens_late OBJECT HOST: loads OBJECT, which uses OpenSSL, calls its `shakes_hands_with` with HOST, and closes it. This
 * program itself is not linked with OpenSSL. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  void* object = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (object == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  int (*shakes_hands_with)(const char*) = NULL;
  *(void**)&shakes_hands_with = dlsym(object, "shakes_hands_with");
  if (shakes_hands_with == NULL) return 2;
  const int done = shakes_hands_with(argv[2]);
  dlclose(object);
  puts(done ? "accepted" : "refused");
  return done ? 0 : 1;
}
