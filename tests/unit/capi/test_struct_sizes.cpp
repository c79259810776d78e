// danelaw.h, "Structs": what may grow is read as far as both sides know it, and what only the caller knows is not left out in silence.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include "capi/known_part.hpp"
#include "danelaw/openssl.h"
#include "danelaw/proof.h"
#include "danelaw/proof_store.h"
#include "danelaw/tls_report.h"

namespace {

/// A struct of a later version: one more member at its end.
template <typename Struct>
struct Later {
  Struct known{};
  std::size_t more = 0;
};

template <typename Struct>
Later<Struct> with_size(Struct known, std::size_t size) {
  Later<Struct> made{known};
  made.known.size = size;
  return made;
}

/// `call` with the struct as callers of several versions have it.
template <typename Struct, typename Call>
void check_sizes(const Struct& good, const Call& call) {
  const struct {
    const char* what;
    std::size_t size;
    std::size_t more;
    int want;
  } rows[] = {
      {"this version's", sizeof good, 0, DANELAW_OK},
      {"a later one's, the new member not set", sizeof(Later<Struct>), 0, DANELAW_OK},
      {"a later one's, the new member set", sizeof(Later<Struct>), 1, DANELAW_ERR_ARGUMENT},
      {"no size", 0, 0, DANELAW_ERR_ARGUMENT},
      {"that of a pointer to it", sizeof(void*), 0, DANELAW_ERR_ARGUMENT},
      {"one octet too few", sizeof good - 1, 0, DANELAW_ERR_ARGUMENT},
      {"a size that is none", static_cast<std::size_t>(-1), 0, DANELAW_ERR_ARGUMENT},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    auto given = with_size(good, row.size);
    given.more = row.more;
    danelaw_problem problem{};
    const int got = call(&given.known, &problem);
    CHECK(got == row.want);
    CHECK((got == DANELAW_OK || std::string(problem.text).find("size") != std::string::npos));
  }
}

/// What had padding at its end could not grow: an old caller's garbage would be the new member.
template <typename Struct, typename Last>
constexpr bool ends_with(std::size_t offset) {
  return offset + sizeof(Last) == sizeof(Struct);
}
static_assert(ends_with<danelaw_offline, int>(offsetof(danelaw_offline, verify_depth)));
static_assert(ends_with<danelaw_proof_options, int>(offsetof(danelaw_proof_options, wants_trace)));
static_assert(ends_with<danelaw_proof_store, std::uint64_t>(offsetof(danelaw_proof_store, patience)));
static_assert(ends_with<danelaw_plan_source, std::uint64_t>(offsetof(danelaw_plan_source, patience)));
static_assert(ends_with<danelaw_tls_session, std::uint64_t>(offsetof(danelaw_tls_session, sessions)));
static_assert(ends_with<danelaw_tls_report_head, std::int64_t>(offsetof(danelaw_tls_report_head, end)));

/// As a struct may look that has grown since its first version.
struct Grown {
  std::size_t size;
  std::uint64_t first;
  std::uint64_t second;
};

}  // namespace

TEST_SUITE("danelaw.h: structs that may grow") {
  TEST_CASE("one that has grown: an older caller's is read as far as it goes, and no further") {
    const Grown given{offsetof(Grown, second), 1, 2};
    const auto known = danelaw::capi::known_part(&given, offsetof(Grown, second));
    REQUIRE(known);
    CHECK(known->first == 1);
    CHECK(known->second == 0);
    CHECK(known->size == sizeof(Grown));
    CHECK_FALSE(danelaw::capi::known_part(&given));
  }

  TEST_CASE("how a chain is verified") {
    danelaw_plan* plan = nullptr;
    REQUIRE(danelaw_plan_without_records(nullptr, "www.example", 443, DANELAW_TRANSPORT_TCP,
                                         DANELAW_OUTCOME_SECURE_ABSENT, nullptr, &plan,
                                         nullptr) == DANELAW_OK);
    danelaw_offline good{};
    good.has_time = 1;
    check_sizes(good, [&](const danelaw_offline* options, danelaw_problem* problem) {
      danelaw_verdict* verdict = nullptr;
      const int code = danelaw_verify_chain("/dev/null", plan, options, &verdict, problem);
      danelaw_verdict_free(verdict);
      return code;
    });
    danelaw_plan_free(plan);
  }

  TEST_CASE("how a proof is judged") {
    // The root's NS records, of which nothing is proven.
    const std::uint8_t octets[] = {0, 0, 2, 0, 1, 0, 0, 0, 60, 0, 1, 0};
    danelaw_proof_options good{};
    good.wants_trace = 1;
    check_sizes(good, [&](const danelaw_proof_options* options, danelaw_problem* problem) {
      danelaw_answer* answer = nullptr;
      const int code =
          danelaw_validate_proof(octets, sizeof octets, "www.example", "TLSA", options, &answer, problem);
      danelaw_answer_free(answer);
      return code;
    });
  }

  TEST_CASE("a store of proofs") {
    danelaw_settings* settings = danelaw_settings_new();
    danelaw_proof_store good{};
    good.fetch = [](void*, const char*, danelaw_proof_request* request) {
      danelaw_proof_request_finish(request, nullptr, 0);
    };
    check_sizes(good, [&](const danelaw_proof_store* store, danelaw_problem* problem) {
      return danelaw_settings_set_proof_store(settings, store, problem);
    });
    danelaw_settings_free(settings);
  }

  TEST_CASE("a source of plans") {
    danelaw_plan_source good{};
    good.start = [](void*, danelaw_request* request) { danelaw_request_fail(request, "not here"); };
    check_sizes(good, [&](const danelaw_plan_source* source, danelaw_problem* problem) {
      const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> ctx(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
      return danelaw_ssl_ctx_attach_source(ctx.get(), source, nullptr, problem);
    });
  }

  TEST_CASE("a session that a report counts, and what the report says of itself") {
    danelaw_tls_report* report = danelaw_tls_report_new();
    danelaw_tls_session session{};
    session.policy_domain = "good.example";
    session.policy_type = DANELAW_TLS_TLSA;
    session.result = DANELAW_TLS_SUCCESS;
    check_sizes(session, [&](const danelaw_tls_session* given, danelaw_problem* problem) {
      return danelaw_tls_report_count(report, given, problem);
    });
    danelaw_tls_report_head head{};
    head.organization = "example";
    check_sizes(head, [&](const danelaw_tls_report_head* given, danelaw_problem* problem) {
      const char* text = nullptr;
      return danelaw_tls_report_json(report, given, &text, problem);
    });
    danelaw_tls_report_free(report);
  }
}
