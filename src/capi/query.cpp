// danelaw_query: one DNS question, validated. danelaw_query_proof: the same, with what proves the answer; danelaw_query_trace:
// and how it came about.
#include <memory>
#include <string>
#include <utility>

#include "capi/answer.hpp"
#include "capi/errors.hpp"
#include "capi/resolver.hpp"
#include "capi/settings.hpp"
#include "capi/trace.hpp"
#include "danelaw/proof.h"
#include "danelaw/trace.h"

using namespace danelaw;

namespace {

/// Writes what an answer says into the object that is given out.
struct Filling {
  danelaw_answer& made;
  RrType type;
  EpochSeconds now;

  void operator()(const dns::FailedAnswer& failed) const {
    made.fault = tlsa::to_string(failed.fault);
    made.reason = failed.reason;
  }
  void operator()(const dns::SecureRrset& rrset) const {
    made.status = DANELAW_STATUS_SECURE;
    made.reason = "validated";
    made.owner = rrset.owner.to_text();
    capi::put_rdatas(made, type, rrset.rdatas);
    expire(rrset.expires);
  }
  void operator()(const dns::SecureDenial& denial) const {
    made.status = DANELAW_STATUS_SECURE_ABSENT;
    made.code = denial.name_exists ? "no-data" : "name-error";
    made.reason = denial.name_exists ? "validated proof that the name has no such record"
                                     : "validated proof that the name does not exist";
    made.owner = denial.owner.to_text();
    expire(denial.expires);
  }
  void operator()(const dns::InsecureAnswer& insecure) const {
    made.status = DANELAW_STATUS_INSECURE;
    made.reason = insecure.reason;
    expire(insecure.expires);
  }

 private:
  void expire(EpochSeconds expires) const {
    made.expires = expires;
    made.ttl = expires > now ? static_cast<std::uint32_t>(expires - now) : 0;
  }
};

dns::Answer ask(dns::Resolver& resolver, const capi::NameAndType& asked) {
  const auto pending = resolver.ask({asked.name, asked.type});
  constexpr std::chrono::milliseconds margin{250};  // the resolver's own word about its deadline comes first
  const auto got = pending->wait(std::chrono::steady_clock::now() + resolver.deadline() + margin);
  return got ? *got : dns::FailedAnswer{tlsa::LookupFault::Timeout, "no answer in time"};
}

std::unique_ptr<danelaw_answer> filled(const dns::Answer& answer, RrType type) {
  auto made = std::make_unique<danelaw_answer>();
  std::visit(Filling{*made, type, system_seconds()}, answer);
  return made;
}

dns::SharedProof proof_of(const dns::Answer& answer) {
  if (const auto* const secure = std::get_if<dns::SecureRrset>(&answer)) return secure->proof;
  if (const auto* const denial = std::get_if<dns::SecureDenial>(&answer)) return denial->proof;
  if (const auto* const insecure = std::get_if<dns::InsecureAnswer>(&answer)) return insecure->proof;
  return nullptr;
}

/// `function` is its name, for problems.
int query_with_proof(const char* function, dns::Proofs proofs, const danelaw_settings* settings,
                     const char* name, const char* type, danelaw_answer** answer, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (name == nullptr || type == nullptr || answer == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          std::string(function) + ": name, type and answer are needed");
    const auto asked = capi::question_of(name, type);
    if (!asked) return capi::report(problem, asked.problem());
    const auto resolver = capi::proving_resolver(capi::or_defaults(settings), proofs);
    if (!resolver) return capi::report(problem, resolver.problem());
    const dns::Answer got = ask(**resolver, *asked);
    auto made = filled(got, asked->type);
    if (const auto proof = proof_of(got)) {
      const auto put = capi::put_proof(*made, *proof, system_seconds());
      // A name that no anchor covers is insecure without any record.
      if (!put && !proof->empty()) return capi::report(problem, put.problem());
    }
    if (const auto trace = dns::trace_of(got)) capi::put_trace(*made, *trace);
    *answer = made.release();
    return static_cast<int>(DANELAW_OK);
  });
}

}  // namespace

int danelaw_query(danelaw_resolver* resolver, const char* name, const char* type, danelaw_answer** answer,
                  danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || name == nullptr || type == nullptr || answer == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_query: resolver, name, type and answer are needed");
    const auto asked = capi::question_of(name, type);
    if (!asked) return capi::report(problem, asked.problem());
    *answer = filled(ask(*resolver->resolver, *asked), asked->type).release();
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_query_proof(const danelaw_settings* settings, const char* name, const char* type,
                        danelaw_answer** answer, danelaw_problem* problem) {
  return query_with_proof("danelaw_query_proof", dns::Proofs::Keep, settings, name, type, answer, problem);
}

int danelaw_query_trace(const danelaw_settings* settings, const char* name, const char* type,
                        danelaw_answer** answer, danelaw_problem* problem) {
  return query_with_proof("danelaw_query_trace", dns::Proofs::KeepAndTrace, settings, name, type, answer,
                          problem);
}
