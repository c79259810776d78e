/* SPDX-License-Identifier: Apache-2.0 */
/* many_threads HOST: 16 threads shake hands with HOST at once, four times each, on one SSL_CTX. */
#include <pthread.h>
#include <stdio.h>

#include "handshake.h"

enum { threads = 16, rounds = 4 };

static SSL_CTX* shared;
static const char* host;
static pthread_barrier_t start;

static void* work(void* result) {
  int* done = result;
  pthread_barrier_wait(&start);
  for (int round = 0; round < rounds; ++round) *done += shakes_hands(shared, host);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc != 2 || (shared = verifying_context()) == NULL) return 2;
  host = argv[1];
  pthread_barrier_init(&start, NULL, threads);
  pthread_t thread[threads];
  int done[threads] = {0};
  for (int i = 0; i < threads; ++i)
    if (pthread_create(&thread[i], NULL, work, &done[i]) != 0) return 2;
  int sum = 0;
  for (int i = 0; i < threads; ++i) {
    pthread_join(thread[i], NULL);
    sum += done[i];
  }
  SSL_CTX_free(shared);
  printf("%d accepted\n", sum);
  return sum == threads * rounds ? 0 : 1;
}
