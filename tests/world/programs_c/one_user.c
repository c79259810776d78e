/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into mail servers: an ordinary user's namespace has one user, root, so that becoming another one fails. Here it
 * succeeds and changes nothing but what the process believes; a program begins as root, or as the user whose number is in
 * ONE_USER, and files stay root's. */
#include <grp.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#pragma GCC visibility push(default)

static uid_t real_user, effective_user;
static gid_t real_group, effective_group;

__attribute__((constructor)) static void begin(void) {
  const char* number = getenv("ONE_USER");
  if (number != NULL) real_user = effective_user = real_group = effective_group = (uid_t)atoi(number);
}

uid_t getuid(void) { return real_user; }
uid_t geteuid(void) { return effective_user; }
gid_t getgid(void) { return real_group; }
gid_t getegid(void) { return effective_group; }

/* As setresuid(2): -1 leaves a number as it is. */
int setresuid(uid_t real, uid_t effective, uid_t saved) {
  (void)saved;
  if (real != (uid_t)-1) real_user = real;
  if (effective != (uid_t)-1) effective_user = effective;
  return 0;
}

int setresgid(gid_t real, gid_t effective, gid_t saved) {
  (void)saved;
  if (real != (gid_t)-1) real_group = real;
  if (effective != (gid_t)-1) effective_group = effective;
  return 0;
}

int setreuid(uid_t real, uid_t effective) { return setresuid(real, effective, effective); }
int setregid(gid_t real, gid_t effective) { return setresgid(real, effective, effective); }
int setuid(uid_t user) { return setresuid(user, user, user); }
int setgid(gid_t group) { return setresgid(group, group, group); }
int seteuid(uid_t user) { return setresuid((uid_t)-1, user, (uid_t)-1); }
int setegid(gid_t group) { return setresgid((gid_t)-1, group, (gid_t)-1); }

int setgroups(size_t count, const gid_t* groups) {
  (void)count;
  (void)groups;
  return 0;
}

int initgroups(const char* user, gid_t group) {
  (void)user;
  (void)group;
  return 0;
}

int chown(const char* path, uid_t user, gid_t group) {
  (void)path;
  (void)user;
  (void)group;
  return 0;
}

int fchown(int descriptor, uid_t user, gid_t group) {
  (void)descriptor;
  (void)user;
  (void)group;
  return 0;
}
