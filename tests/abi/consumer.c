/* A plain C99 program that uses every function of the ABI that needs no network, the wrong way too: bad arguments get
 * their code, NULL objects do nothing, and nothing crashes. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "danelaw/danelaw.h"
#include "danelaw/openssl.h"
#include "danelaw/proof.h"
#include "danelaw/proof_store.h"
#include "danelaw/smtp.h"
#include "danelaw/trace.h"

static int failures = 0;

#define EXPECT(condition)                                                       \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                               \
    }                                                                           \
  } while (0)

static void test_words(void) {
  int code;
  EXPECT(strcmp(danelaw_error_name(DANELAW_OK), "ok") == 0);
  EXPECT(strcmp(danelaw_error_name(4711), "unknown") == 0);
  for (code = DANELAW_OK; code <= DANELAW_ERR_INTERNAL; ++code)
    EXPECT(strcmp(danelaw_error_name(code), "unknown") != 0);
  EXPECT(strcmp(danelaw_outcome_name(DANELAW_OUTCOME_SECURE_USABLE), "secure-usable") == 0);
  EXPECT(strcmp(danelaw_decision_name(DANELAW_UNDECIDED), "undecided") == 0);
  EXPECT(strcmp(danelaw_reason_name(DANELAW_REASON_HOOK_BYPASSED), "hook-bypassed") == 0);
  EXPECT(strcmp(danelaw_reason_name((danelaw_reason)99), "unknown") == 0);
}

static void test_settings(void) {
  danelaw_problem problem = {0};
  danelaw_settings* settings = danelaw_settings_new();
  EXPECT(settings != NULL);
  EXPECT(strcmp(danelaw_settings_get(settings, "mode"), "opportunistic") == 0);
  EXPECT(danelaw_settings_set(settings, "mode", "mandatory", &problem) == DANELAW_OK);
  EXPECT(strcmp(danelaw_settings_get(settings, "mode"), "mandatory") == 0);
  EXPECT(danelaw_settings_set(settings, "mode", "maybe", &problem) == DANELAW_ERR_SETTING);
  EXPECT(problem.code == DANELAW_ERR_SETTING && strstr(problem.text, "mandatory") != NULL);
  EXPECT(strcmp(danelaw_settings_get(settings, "mode"), "mandatory") == 0);
  EXPECT(danelaw_settings_set(settings, "mood", "good", &problem) == DANELAW_ERR_SETTING);
  EXPECT(strstr(problem.text, "mood") != NULL && strstr(problem.text, "deadline") != NULL);
  EXPECT(danelaw_settings_set(settings, "deadline", "0", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(settings, "deadline", "12x", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(settings, "root_servers", "192.0.2.1, 2001:db8::1", NULL) == DANELAW_OK);
  EXPECT(danelaw_settings_set(settings, "root_servers", "example.com", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(settings, "never_asked", "a..b", NULL) == DANELAW_ERR_NAME);
  EXPECT(danelaw_settings_set(settings, "engine", "stub", NULL) == DANELAW_OK);
  EXPECT(danelaw_settings_set(settings, "engine", "other", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(settings, "resolvers", "192.0.2.1, 2001:db8::1@5353", NULL) == DANELAW_OK);
  EXPECT(danelaw_settings_set(settings, "resolvers", "192.0.2.1:53", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(NULL, "mode", "off", NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_settings_set(settings, NULL, "off", NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_settings_get(settings, "mood") == NULL);
  EXPECT(danelaw_settings_get(NULL, "mode") == NULL);
  danelaw_settings_free(settings);
  danelaw_settings_free(NULL);
}

static void test_records_and_plans(void) {
  static const uint8_t rdata[] = {3, 1, 1, 0};
  danelaw_problem problem = {0};
  danelaw_plan* plan = NULL;
  danelaw_records* records = danelaw_records_new();
  EXPECT(danelaw_records_add_text(records, "3 1 1 00", &problem) == DANELAW_OK);
  EXPECT(danelaw_records_add_text(records, "3 1", &problem) == DANELAW_ERR_RECORD);
  EXPECT(danelaw_records_add_text(records, NULL, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_records_add_rdata(records, rdata, sizeof rdata, &problem) == DANELAW_OK);
  EXPECT(danelaw_records_add_rdata(records, rdata, 2, &problem) == DANELAW_ERR_RECORD);

  EXPECT(danelaw_plan_from_records(NULL, "www.example", 443, DANELAW_TRANSPORT_TCP, records, &plan,
                                   &problem) == DANELAW_OK);
  EXPECT(danelaw_plan_outcome(plan) == DANELAW_OUTCOME_SECURE_UNUSABLE);
  EXPECT(danelaw_plan_record_count(plan) == 1); /* the same record twice is one */
  EXPECT(strcmp(danelaw_plan_record_standing(plan, 0), "digest-length") == 0);
  EXPECT(danelaw_plan_record_text(plan, 1) == NULL);
  EXPECT(strcmp(danelaw_plan_base_domain(plan), "www.example") == 0);
  EXPECT(danelaw_plan_needs_trust_store(plan) == 1);
  EXPECT(strcmp(danelaw_plan_origin(plan), "application") == 0);
  EXPECT(strcmp(danelaw_plan_origin(NULL), "") == 0 && strcmp(danelaw_verdict_dnssec_chain(NULL), "") == 0);
  EXPECT(danelaw_plan_add_name(plan, "other.example", &problem) == DANELAW_OK);
  EXPECT(danelaw_plan_add_name(plan, "not a name", &problem) == DANELAW_ERR_NAME);
  EXPECT(danelaw_plan_set_expiry(plan, 1) == DANELAW_OK && danelaw_plan_expiry(plan) == 1);
  danelaw_plan_free(plan);

  plan = NULL;
  EXPECT(danelaw_plan_from_records(NULL, "a..b", 443, DANELAW_TRANSPORT_TCP, records, &plan, &problem) ==
         DANELAW_ERR_NAME);
  EXPECT(danelaw_plan_from_records(NULL, "www.example", 0, DANELAW_TRANSPORT_TCP, records, &plan, &problem) ==
         DANELAW_ERR_PORT);
  EXPECT(danelaw_plan_from_records(NULL, "www.example", 65536, DANELAW_TRANSPORT_TCP, records, &plan,
                                   &problem) == DANELAW_ERR_PORT);
  EXPECT(danelaw_plan_from_records(NULL, NULL, 443, DANELAW_TRANSPORT_TCP, records, &plan, NULL) ==
         DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_plan_without_records(NULL, "www.example", 443, DANELAW_TRANSPORT_TCP,
                                      DANELAW_OUTCOME_SECURE_USABLE, NULL, &plan,
                                      &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(plan == NULL); /* outputs are written only on success */
  EXPECT(danelaw_plan_without_records(NULL, "www.example", 443, DANELAW_TRANSPORT_TCP, DANELAW_OUTCOME_ERROR,
                                      "no luck", &plan, &problem) == DANELAW_OK);
  EXPECT(strstr(danelaw_plan_reason(plan), "no luck") != NULL);
  EXPECT(danelaw_plan_needs_trust_store(plan) == 0);
  danelaw_plan_free(plan);
  danelaw_plan_free(NULL);
  danelaw_records_free(records);
  danelaw_records_free(NULL);
}

static void test_resolver(void) {
  danelaw_problem problem = {0};
  danelaw_resolver* resolver = NULL;
  danelaw_answer* answer = NULL;
  danelaw_plan* plan = NULL;
  danelaw_settings* settings = danelaw_settings_new();
  EXPECT(danelaw_settings_set(settings, "trust_anchors", "/nonexistent/anchors", NULL) == DANELAW_OK);
  EXPECT(danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_ERR_ANCHOR);
  EXPECT(strstr(problem.text, "/nonexistent/anchors") != NULL);
  EXPECT(resolver == NULL);
  danelaw_settings_free(settings);

  /* No question is asked below, so no thread and no socket is made. */
  EXPECT(danelaw_resolver_new(NULL, &resolver, &problem) == DANELAW_OK);
  EXPECT(danelaw_plan_lookup(resolver, NULL, "192.0.2.1", 443, DANELAW_TRANSPORT_TCP, &plan, &problem) ==
         DANELAW_OK);
  EXPECT(danelaw_plan_outcome(plan) == DANELAW_OUTCOME_NOT_ASKED);
  EXPECT(strcmp(danelaw_plan_fault(plan), "ip-literal") == 0);
  danelaw_plan_free(plan);
  plan = NULL;
  EXPECT(danelaw_plan_lookup(resolver, NULL, "printer.local", 443, DANELAW_TRANSPORT_TCP, &plan, NULL) ==
         DANELAW_OK);
  EXPECT(strcmp(danelaw_plan_fault(plan), "private-name") == 0);
  danelaw_plan_free(plan);
  EXPECT(danelaw_query(resolver, "www.example", "NOTYPE", &answer, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_query(resolver, "a..b", "TLSA", &answer, &problem) == DANELAW_ERR_NAME);
  EXPECT(danelaw_query(NULL, "www.example", "TLSA", &answer, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(answer == NULL);
  danelaw_resolver_free(resolver);
  danelaw_resolver_free(NULL);
}

static void test_verdicts(void) {
  danelaw_problem problem = {0};
  danelaw_offline offline = {0};
  danelaw_verdict* verdict = NULL;
  danelaw_plan* plan = NULL;
  danelaw_records* records = danelaw_records_new();
  danelaw_records_add_text(records, "3 1 1 0000000000000000000000000000000000000000000000000000000000000000",
                           NULL);
  danelaw_plan_from_records(NULL, "www.example", 443, DANELAW_TRANSPORT_TCP, records, &plan, NULL);
  offline.size = sizeof offline;
  EXPECT(danelaw_verify_chain("/nonexistent/chain", plan, &offline, &verdict, &problem) ==
         DANELAW_ERR_CERTIFICATE);
  EXPECT(danelaw_verify_chain(NULL, plan, &offline, &verdict, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(verdict == NULL);
  EXPECT(danelaw_verify_chain("/dev/null", plan, &offline, &verdict, &problem) == DANELAW_OK);
  EXPECT(danelaw_verdict_decision(verdict) == DANELAW_REJECTED);
  EXPECT(danelaw_verdict_reason(verdict) == DANELAW_REASON_NO_CERTIFICATE);
  EXPECT(danelaw_verdict_accepted(verdict) == 0);
  EXPECT(danelaw_verdict_match_depth(verdict) == -1);
  EXPECT(danelaw_verdict_record(verdict) == -1);
  EXPECT(danelaw_verdict_record_count(verdict) == 1);
  EXPECT(danelaw_verdict_record_text(verdict, 1) == NULL);
  EXPECT(danelaw_verdict_plan(verdict) != NULL);
  EXPECT(strlen(danelaw_verdict_summary(verdict)) > 0);
  EXPECT(strcmp(danelaw_verdict_service(verdict), "") == 0);
  danelaw_verdict_free(verdict);

  EXPECT(danelaw_verdict_decision(NULL) == DANELAW_UNDECIDED);
  EXPECT(danelaw_verdict_accepted(NULL) == 0);
  EXPECT(danelaw_verdict_plan(NULL) == NULL);
  EXPECT(strcmp(danelaw_verdict_service(NULL), "") == 0);
  danelaw_verdict_free(NULL);
  danelaw_plan_free(plan);
  danelaw_records_free(records);
}

static void test_openssl(void) {
  danelaw_problem problem = {0};
  danelaw_verdict* verdict = NULL;
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  SSL* unattached = SSL_new(ctx);
  SSL* ssl;
  EXPECT(danelaw_ssl_set_service(unattached, "www.example", 443, DANELAW_TRANSPORT_TCP, &problem) ==
         DANELAW_ERR_STATE);
  EXPECT(danelaw_ssl_get_verdict(unattached, &verdict) == DANELAW_ERR_STATE);
  EXPECT(danelaw_ssl_ctx_attach(NULL, NULL, NULL, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_ssl_ctx_attach(ctx, NULL, NULL, &problem) == DANELAW_OK);
  EXPECT(danelaw_ssl_ctx_attach(ctx, NULL, NULL, &problem) == DANELAW_ERR_STATE);
  ssl = SSL_new(ctx);
  EXPECT(danelaw_ssl_descriptor(ssl) == -1);
  EXPECT(danelaw_ssl_set_service(ssl, "not a name", 443, DANELAW_TRANSPORT_TCP, &problem) ==
         DANELAW_ERR_NAME);
  EXPECT(danelaw_ssl_set_service(ssl, "www.example", 99999, DANELAW_TRANSPORT_TCP, &problem) ==
         DANELAW_ERR_PORT);
  EXPECT(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) == NULL);
  EXPECT(danelaw_ssl_get_verdict(ssl, &verdict) == DANELAW_ERR_STATE);
  EXPECT(verdict == NULL);
  SSL_free(ssl);
  SSL_free(unattached);
  SSL_CTX_free(ctx);
}

static void test_proofs(void) {
  static const uint8_t octets[] = {0xC0, 0x00};
  danelaw_problem problem = {0};
  danelaw_proof_options options = {0};
  danelaw_settings* settings = danelaw_settings_new();
  danelaw_answer* answer = NULL;
  size_t length = 7;
  options.size = sizeof options;
  EXPECT(danelaw_validate_proof(octets, sizeof octets, "www.example", "TLSA", &options, &answer, &problem) ==
         DANELAW_OK);
  EXPECT(danelaw_answer_status(answer) == DANELAW_STATUS_ERROR);
  EXPECT(strcmp(danelaw_answer_fault(answer), "malformed") == 0);
  EXPECT(strcmp(danelaw_answer_code(answer), "malformed") == 0);
  EXPECT(danelaw_answer_expiry(answer) == 0 && danelaw_answer_support_lifetime(answer) == -1);
  EXPECT(danelaw_answer_proof(answer, &length) == NULL && length == 7);
  EXPECT(danelaw_answer_extension_data(answer, 0, &length) == NULL && length == 7);
  EXPECT(danelaw_answer_proof_count(answer) == 0 && danelaw_answer_proof_text(answer, 0, NULL) == NULL);
  danelaw_answer_free(answer);
  answer = NULL;
  EXPECT(danelaw_validate_proof(NULL, 0, "www.example", "TLSA", NULL, &answer, NULL) == DANELAW_OK);
  EXPECT(strcmp(danelaw_answer_fault(answer), "malformed") == 0);
  danelaw_answer_free(answer);
  answer = NULL;
  EXPECT(danelaw_validate_proof(NULL, 1, "www.example", "TLSA", NULL, &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_validate_proof(octets, 2, NULL, "TLSA", NULL, &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_validate_proof(octets, 2, "a", NULL, NULL, &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_validate_proof(octets, 2, "a", "TLSA", NULL, NULL, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_validate_proof(octets, 2, "a", "FROB", NULL, &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_validate_proof(octets, 2, "a..b", "TLSA", NULL, &answer, NULL) == DANELAW_ERR_NAME);
  options.trust_anchors = "/nonexistent";
  EXPECT(danelaw_validate_proof(octets, 2, "a", "TLSA", &options, &answer, NULL) == DANELAW_ERR_ANCHOR);
  EXPECT(danelaw_query_proof(settings, NULL, "TLSA", &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_query_proof(settings, "a", NULL, &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_query_proof(settings, "a", "TLSA", NULL, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_settings_set(settings, "engine", "recursing", NULL) == DANELAW_OK);
  EXPECT(danelaw_query_proof(settings, "a", "TLSA", &answer, &problem) == DANELAW_ERR_UNSUPPORTED);
  EXPECT(answer == NULL && strstr(problem.text, "recursing") != NULL);
  EXPECT(danelaw_answer_proof(NULL, &length) == NULL &&
         danelaw_answer_extension_data(NULL, 0, &length) == NULL);
  EXPECT(danelaw_answer_proof_count(NULL) == 0 && danelaw_answer_support_lifetime(NULL) == -1);
  EXPECT(strcmp(danelaw_answer_code(NULL), "") == 0 && danelaw_answer_expiry(NULL) == 0);
  danelaw_settings_free(settings);
}

static void test_traces(void) {
  /* The root's NS records, of which nothing is proven. */
  static const uint8_t octets[] = {0, 0, 2, 0, 1, 0, 0, 0, 60, 0, 1, 0};
  danelaw_proof_options options = {0};
  danelaw_answer* answer = NULL;
  size_t last = 0;
  options.size = sizeof options;
  options.wants_trace = 1;
  EXPECT(danelaw_validate_proof(octets, sizeof octets, "www.example", "TLSA", &options, &answer, NULL) ==
         DANELAW_OK);
  EXPECT(danelaw_answer_trace_count(answer) > 1);
  last = danelaw_answer_trace_count(answer) - 1;
  EXPECT(strcmp(danelaw_answer_trace_word(answer, 0, DANELAW_TRACE_KIND), "question") == 0);
  EXPECT(strcmp(danelaw_answer_trace_word(answer, 0, DANELAW_TRACE_OWNER), "www.example") == 0);
  EXPECT(strcmp(danelaw_answer_trace_word(answer, 0, DANELAW_TRACE_TYPE), "TLSA") == 0);
  EXPECT(strcmp(danelaw_answer_trace_word(answer, last, DANELAW_TRACE_KIND), "end") == 0);
  EXPECT(strcmp(danelaw_answer_trace_word(answer, last, DANELAW_TRACE_STATE), "missing") == 0);
  EXPECT(strcmp(danelaw_answer_trace_word(answer, last, DANELAW_TRACE_CODE), danelaw_answer_fault(answer)) ==
         0);
  EXPECT(danelaw_answer_trace_number(answer, last, DANELAW_TRACE_KEY_TAG) == -1);
  EXPECT(danelaw_answer_trace_number(answer, last, DANELAW_TRACE_BASES) > 0);
  EXPECT(danelaw_answer_trace_basis(answer, last, 0) < (int64_t)last);
  EXPECT(danelaw_answer_trace_basis(answer, last, 10000) == -1);
  EXPECT(danelaw_answer_trace_word(answer, last + 1, DANELAW_TRACE_KIND) == NULL);
  EXPECT(danelaw_answer_trace_word(answer, last, (danelaw_trace_word)99) == NULL);
  EXPECT(danelaw_answer_trace_number(answer, last, (danelaw_trace_number)99) == -1);
  danelaw_answer_free(answer);
  answer = NULL;
  options.wants_trace = 0;
  EXPECT(danelaw_validate_proof(octets, sizeof octets, "www.example", "TLSA", &options, &answer, NULL) ==
         DANELAW_OK);
  EXPECT(danelaw_answer_trace_count(answer) == 0);
  danelaw_answer_free(answer);
  answer = NULL;
  options.size = offsetof(danelaw_proof_options, wants_trace);
  EXPECT(danelaw_validate_proof(octets, sizeof octets, "www.example", "TLSA", &options, &answer, NULL) ==
         DANELAW_ERR_ARGUMENT);
  EXPECT(answer == NULL);
  EXPECT(danelaw_query_trace(NULL, NULL, "TLSA", &answer, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_query_trace(NULL, "a..b", "TLSA", &answer, NULL) == DANELAW_ERR_NAME && answer == NULL);
  EXPECT(danelaw_answer_trace_count(NULL) == 0 && danelaw_answer_trace_basis(NULL, 0, 0) == -1);
}

static void test_route_words(void) {
  EXPECT(strcmp(danelaw_route_state_name(DANELAW_ROUTE_NO_HOSTS), "no-hosts") == 0);
  EXPECT(strcmp(danelaw_route_state_name((danelaw_route_state)9), "unknown") == 0);
  EXPECT(strcmp(danelaw_standing_name(DANELAW_STANDING_DIRECT), "direct") == 0);
  EXPECT(strcmp(danelaw_standing_name((danelaw_standing)9), "unknown") == 0);
  EXPECT(strcmp(danelaw_requirement_name(DANELAW_DO_NOT_USE), "do-not-use") == 0);
  EXPECT(strcmp(danelaw_requirement_name((danelaw_requirement)9), "unknown") == 0);
}

/* Nothing is known of a route that is not there, and what is not known refuses. */
static void test_no_route(void) {
  EXPECT(danelaw_route_get_state(NULL) == DANELAW_ROUTE_DEFER && danelaw_route_count(NULL) == 0);
  EXPECT(strcmp(danelaw_route_code(NULL), "pending") == 0 && strcmp(danelaw_route_reason(NULL), "") != 0);
  EXPECT(strcmp(danelaw_route_domain(NULL), "") == 0 && danelaw_route_expiry(NULL) == 0);
  EXPECT(danelaw_route_standing(NULL) == DANELAW_STANDING_INSECURE && danelaw_route_is_implicit(NULL) == 0);
  EXPECT(danelaw_route_left_out(NULL) == 0 && danelaw_route_descriptor(NULL) == -1);
  EXPECT(danelaw_route_wait(NULL, 0) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_route_requirement(NULL, 0) == DANELAW_DO_NOT_USE && danelaw_route_host(NULL, 0) == NULL);
  EXPECT(danelaw_route_plan(NULL, 0) == NULL && danelaw_route_name(NULL, 0, 0) == NULL);
  EXPECT(danelaw_route_speaks_for_domain(NULL, 0) == 0);
  danelaw_route_free(NULL);
}

static void test_bad_routes(danelaw_resolver* resolver) {
  danelaw_problem problem = {0};
  danelaw_route* route = NULL;
  EXPECT(danelaw_smtp_begin(NULL, NULL, "a.example", &route, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_smtp_plan(resolver, NULL, NULL, &route, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_smtp_plan(resolver, NULL, "a.example", NULL, NULL) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_smtp_plan(resolver, NULL, "a..b", &route, &problem) == DANELAW_ERR_NAME);
  EXPECT(danelaw_smtp_plan(resolver, NULL, "a.example:0", &route, &problem) == DANELAW_ERR_PORT);
  EXPECT(danelaw_srv_plan(resolver, NULL, "im ap", DANELAW_TRANSPORT_TCP, "a.example", &route, &problem) ==
         DANELAW_ERR_NAME);
  EXPECT(danelaw_srv_plan(resolver, NULL, "imap", (danelaw_transport)9, "a.example", &route, &problem) ==
         DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_srv_begin(resolver, NULL, "imap", DANELAW_TRANSPORT_TCP, NULL, &route, NULL) ==
         DANELAW_ERR_ARGUMENT);
  EXPECT(route == NULL);
}

/* The host of an address literal needs no DNS. */
static void test_route_to_address(danelaw_resolver* resolver, const danelaw_settings* mandatory) {
  danelaw_problem problem = {0};
  danelaw_route* route = NULL;
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(ctx);
  struct pollfd entry = {-1, POLLIN, 0};
  EXPECT(danelaw_smtp_begin(resolver, NULL, "[192.0.2.1]:26", &route, &problem) == DANELAW_OK);
  EXPECT(danelaw_route_get_state(route) == DANELAW_ROUTE_DEFER);
  EXPECT(danelaw_ssl_set_route_host(ssl, route, 0, &problem) == DANELAW_ERR_STATE);
  entry.fd = danelaw_route_descriptor(route);
  EXPECT(poll(&entry, 1, 10000) == 1);
  EXPECT(danelaw_route_wait(route, 0) == DANELAW_OK && danelaw_route_wait(route, 0) == DANELAW_OK);
  EXPECT(danelaw_route_get_state(route) == DANELAW_ROUTE_USABLE && danelaw_route_count(route) == 1);
  EXPECT(danelaw_route_standing(route) == DANELAW_STANDING_DIRECT && danelaw_route_port(route, 0) == 26);
  EXPECT(strcmp(danelaw_route_host(route, 0), "192.0.2.1") == 0 && danelaw_route_host(route, 1) == NULL);
  EXPECT(strcmp(danelaw_route_host_code(route, 0), "ip-literal") == 0);
  EXPECT(danelaw_route_requirement(route, 0) == DANELAW_TLS_OPPORTUNISTIC);
  EXPECT(danelaw_plan_outcome(danelaw_route_plan(route, 0)) == DANELAW_OUTCOME_NOT_ASKED);
  EXPECT(danelaw_route_name(route, 0, 1) == NULL && danelaw_route_plan(route, 1) == NULL);
  EXPECT(danelaw_ssl_set_route_host(ssl, route, 0, &problem) == DANELAW_ERR_STATE);
  EXPECT(danelaw_ssl_ctx_attach(ctx, NULL, NULL, &problem) == DANELAW_OK);
  EXPECT(danelaw_ssl_set_route_host(NULL, route, 0, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_ssl_set_route_host(ssl, route, 1, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_ssl_set_route_host(ssl, route, 0, &problem) == DANELAW_OK);
  EXPECT(SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE);
  danelaw_route_free(route);
  route = NULL;
  EXPECT(danelaw_smtp_plan(resolver, mandatory, "[192.0.2.1]", &route, &problem) == DANELAW_OK);
  EXPECT(danelaw_route_get_state(route) == DANELAW_ROUTE_DEFER);
  EXPECT(strcmp(danelaw_route_host_code(route, 0), "mandatory-without-dane") == 0);
  EXPECT(danelaw_ssl_set_route_host(ssl, route, 0, &problem) == DANELAW_ERR_STATE);
  danelaw_route_free(route);
  SSL_free(ssl);
  SSL_CTX_free(ctx);
}

static void test_routes(void) {
  danelaw_problem problem = {0};
  danelaw_resolver* resolver = NULL;
  danelaw_settings* settings = danelaw_settings_new();
  EXPECT(danelaw_settings_set(settings, "insecure_mx", "dane", NULL) == DANELAW_OK);
  EXPECT(danelaw_settings_set(settings, "insecure_mx", "must", NULL) == DANELAW_ERR_SETTING);
  EXPECT(danelaw_settings_set(settings, "mode", "mandatory", NULL) == DANELAW_OK);
  EXPECT(danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_OK);
  test_route_words();
  test_no_route();
  test_bad_routes(resolver);
  test_route_to_address(resolver, settings);
  danelaw_resolver_free(resolver);
  danelaw_settings_free(settings);
}

static void no_fetch(void* user, const char* name, danelaw_proof_request* request) {
  (void)user, (void)name;
  danelaw_proof_request_finish(request, NULL, 0);
}

static void test_proof_stores(void) {
  danelaw_problem problem = {0};
  danelaw_settings* settings = danelaw_settings_new();
  danelaw_proof_store store = {0};
  EXPECT(danelaw_settings_set_proof_store(settings, &store, &problem) == DANELAW_ERR_ARGUMENT);
  store.size = sizeof store;
  EXPECT(danelaw_settings_set_proof_store(settings, &store, &problem) == DANELAW_ERR_ARGUMENT);
  store.fetch = no_fetch;
  EXPECT(danelaw_settings_set_proof_store(settings, &store, &problem) == DANELAW_OK);
  EXPECT(danelaw_settings_set_proof_store(NULL, &store, &problem) == DANELAW_ERR_ARGUMENT);
  EXPECT(danelaw_settings_set_proof_store(settings, NULL, NULL) == DANELAW_OK);
  danelaw_proof_request_finish(NULL, NULL, 0);
  danelaw_settings_free(settings);
}

int main(void) {
  test_routes();
  test_words();
  test_settings();
  test_proofs();
  test_proof_stores();
  test_traces();
  test_records_and_plans();
  test_resolver();
  test_verdicts();
  test_openssl();
  if (failures == 0) printf("danelaw %s: the C interface keeps its word\n", danelaw_version());
  return failures == 0 ? 0 : 1;
}
