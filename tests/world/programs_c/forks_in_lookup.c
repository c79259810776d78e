/* SPDX-License-Identifier: Apache-2.0 */
/* forks_in_lookup SLOW-HOST HOST: while a thread waits for the lookup of SLOW-HOST, the process forks, and the child shakes
 * hands with HOST. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handshake.h"

enum { microseconds_into_lookup = 400000, child_may_take_seconds = 20 };

static SSL_CTX* shared;

static void* wait_for_slow(void* host) { return shakes_hands(shared, host) ? shared : NULL; }

int main(int argc, char** argv) {
  if (argc != 3 || (shared = verifying_context()) == NULL) return 2;
  pthread_t thread;
  if (pthread_create(&thread, NULL, wait_for_slow, argv[1]) != 0) return 2;
  usleep(microseconds_into_lookup);
  const pid_t child = fork();
  if (child == 0) {
    alarm(child_may_take_seconds);
    _exit(shakes_hands(shared, argv[2]) ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return 2;
  void* slow = NULL;
  pthread_join(thread, &slow);
  SSL_CTX_free(shared);
  const int child_accepted = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  printf("child %s, parent %s\n", child_accepted ? "accepted" : "refused",
         slow != NULL ? "accepted" : "refused");
  return 0;
}
