/* SPDX-License-Identifier: Apache-2.0 */
/* asks_many THREADS KEY=VALUE…: asks for each line "NAME TYPE" of its input, so many at a time by one resolver with these settings,
 * and says of each, in their order: status, fault or "-", RDATA in hexadecimal digits with commas between or "-", and why. */
#include <danelaw/danelaw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_questions = 20000, most_threads = 64, line_octets = 512 };

struct question {
  char name[line_octets];
  char type[line_octets];
  danelaw_answer* answer;
  danelaw_problem problem;
};

static struct question* questions;
static size_t count;
static atomic_size_t next_one;
static danelaw_resolver* resolver;

static void* work(void* unused) {
  for (size_t at; (at = atomic_fetch_add(&next_one, 1)) < count;)
    danelaw_query(resolver, questions[at].name, questions[at].type, &questions[at].answer,
                  &questions[at].problem);
  return unused;
}

static void say(const struct question* asked) {
  static const char* const words[] = {"error", "secure", "secure-absent", "insecure"};
  const danelaw_answer* const answer = asked->answer;
  if (answer == NULL) {
    printf("refused - - %s\n", asked->problem.text);
    return;
  }
  const char* const fault = danelaw_answer_fault(answer);
  printf("%s %s ", words[danelaw_answer_status(answer)], *fault != '\0' ? fault : "-");
  const size_t records = danelaw_answer_count(answer);
  for (size_t index = 0; index < records; ++index) {
    size_t octets = 0;
    const uint8_t* const rdata = danelaw_answer_rdata(answer, index, &octets);
    for (size_t at = 0; at < octets; ++at) printf("%02x", rdata[at]);
    if (index + 1 < records) putchar(',');
  }
  printf("%s %s\n", records == 0 ? "-" : "", danelaw_answer_reason(answer));
}

static int make_resolver(int argc, char** argv) {
  danelaw_problem problem = {0};
  danelaw_settings* const settings = danelaw_settings_new();
  for (int at = 2; at < argc; ++at) {
    char* const value = strchr(argv[at], '=');
    if (value != NULL) *value = '\0';
    if (value == NULL || danelaw_settings_set(settings, argv[at], value + 1, &problem) != DANELAW_OK)
      return 0;
  }
  const int code = danelaw_resolver_new(settings, &resolver, &problem);
  danelaw_settings_free(settings);
  if (code != DANELAW_OK) fprintf(stderr, "asks_many: %s\n", problem.text);
  return code == DANELAW_OK;
}

int main(int argc, char** argv) {
  const int threads = argc > 1 ? atoi(argv[1]) : 0;
  questions = calloc(most_questions, sizeof *questions);
  if (threads < 1 || threads > most_threads || questions == NULL || !make_resolver(argc, argv)) return 2;
  while (count < most_questions && scanf("%511s %511s", questions[count].name, questions[count].type) == 2)
    ++count;
  pthread_t running[most_threads];
  for (int at = 0; at < threads; ++at)
    if (pthread_create(&running[at], NULL, work, NULL) != 0) return 2;
  for (int at = 0; at < threads; ++at) pthread_join(running[at], NULL);
  for (size_t at = 0; at < count; ++at) say(&questions[at]);
  danelaw_resolver_free(resolver);
  return 0;
}
