/* SPDX-License-Identifier: Apache-2.0 */
/* asks_for_verdict HOST...: shakes hands as a program that knows nothing of DANE, and then asks whether somebody has enforced
 * it. Built twice: linked with libdanelaw, and with nothing, which looks for the library that the plugin has brought. */
#include <dlfcn.h>
#include <stdio.h>

#include "danelaw/openssl.h"
#include "handshake.h"

typedef struct danelaw {
  int (*ssl_get_verdict)(const SSL* ssl, danelaw_verdict** verdict);
  void (*verdict_free)(danelaw_verdict* verdict);
  const char* (*verdict_service)(const danelaw_verdict* verdict);
  const danelaw_plan* (*verdict_plan)(const danelaw_verdict* verdict);
  danelaw_outcome (*plan_outcome)(const danelaw_plan* plan);
  const char* (*outcome_name)(danelaw_outcome outcome);
  danelaw_decision (*verdict_decision)(const danelaw_verdict* verdict);
  const char* (*decision_name)(danelaw_decision decision);
} danelaw;

#ifdef LINKED
static int find(danelaw* found) {
  *found = (danelaw){danelaw_ssl_get_verdict,  danelaw_verdict_free, danelaw_verdict_service,
                     danelaw_verdict_plan,     danelaw_plan_outcome, danelaw_outcome_name,
                     danelaw_verdict_decision, danelaw_decision_name};
  return 1;
}
#else
/* ISO C has no conversion from an object's address to a function's; POSIX does. */
static int find_one(void* library, const char* name, void* function) {
  *(void**)function = dlsym(library, name);
  return *(void**)function != NULL;
}

static int find(danelaw* found) {
  void* library = dlopen("libdanelaw.so.0", RTLD_NOW | RTLD_NOLOAD);
  return library != NULL && find_one(library, "danelaw_ssl_get_verdict", &found->ssl_get_verdict) &&
         find_one(library, "danelaw_verdict_free", &found->verdict_free) &&
         find_one(library, "danelaw_verdict_service", &found->verdict_service) &&
         find_one(library, "danelaw_verdict_plan", &found->verdict_plan) &&
         find_one(library, "danelaw_plan_outcome", &found->plan_outcome) &&
         find_one(library, "danelaw_outcome_name", &found->outcome_name) &&
         find_one(library, "danelaw_verdict_decision", &found->verdict_decision) &&
         find_one(library, "danelaw_decision_name", &found->decision_name);
}
#endif

static void print_verdict(const SSL* ssl) {
  danelaw library;
  danelaw_verdict* verdict = NULL;
  if (!find(&library)) {
    puts("nobody to ask");
    return;
  }
  const int code = library.ssl_get_verdict(ssl, &verdict);
  if (code != DANELAW_OK) {
    puts(code == DANELAW_ERR_STATE ? "nobody enforces" : "no verdict");
    return;
  }
  printf("%s %s %s\n", library.verdict_service(verdict),
         library.outcome_name(library.plan_outcome(library.verdict_plan(verdict))),
         library.decision_name(library.verdict_decision(verdict)));
  library.verdict_free(verdict);
}

int main(int argc, char** argv) {
  SSL_CTX* ctx = verifying_context();
  if (ctx == NULL) return 2;
  for (int i = 1; i < argc; ++i) puts(shakes_hands_and(ctx, argv[i], print_verdict) ? "accepted" : "refused");
  SSL_CTX_free(ctx);
  return 0;
}
