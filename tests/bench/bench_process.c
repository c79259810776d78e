/* Runs a command and prints what it cost: wall ms, CPU ms, peak KiB. Small, because a child's peak begins with the memory
 * of whoever started it. */
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char** environ;

static double ms_of(struct timeval time) { return (double)time.tv_sec * 1000 + (double)time.tv_usec / 1000; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

int main(int argc, char** argv) {
  pid_t child;
  int status;
  struct rusage usage;
  const double begun = now();
  if (argc < 2 || posix_spawnp(&child, argv[1], NULL, NULL, argv + 1, environ) != 0) return 2;
  if (wait4(child, &status, 0, &usage) != child || status != 0) return 1;
  printf("%.3f %.3f %ld\n", now() - begun, ms_of(usage.ru_utime) + ms_of(usage.ru_stime), usage.ru_maxrss);
  return 0;
}
