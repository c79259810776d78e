// danelaw_validate_proof: what records say that came without DNS, judged by the code that judges lookups.
#include <memory>
#include <string>
#include <utility>

#include "capi/answer.hpp"
#include "capi/errors.hpp"
#include "capi/known_part.hpp"
#include "capi/trace.hpp"
#include "danelaw/proof.h"
#include "dns/rr_text.hpp"
#include "dns/trust_anchors.hpp"
#include "dnssec/authentication_chain.hpp"
#include "dnssec/judge.hpp"
#include "tlsa/outcome.hpp"

using namespace danelaw;

namespace {

/// Writes a verdict into the object that is given out.
struct Filling {
  danelaw_answer& made;
  EpochSeconds now;

  void operator()(const dnssec::Bogus& bogus) const {
    fail(tlsa::LookupFault::Bogus, to_string(bogus.reason), bogus.text);
  }
  void operator()(const dnssec::Missing& missing) const {
    const auto& wanted = missing.needed.empty() ? missing.cuts : missing.needed;
    std::string text = "the proof is incomplete";
    if (!wanted.empty())
      text +=
          ": it says nothing of " + wanted.front().name.to_text() + " " + dns::to_text(wanted.front().type);
    fail(tlsa::LookupFault::Indeterminate, "incomplete", text);
  }
  void operator()(const dnssec::SecureRrset& secure) const {
    made.status = DANELAW_STATUS_SECURE;
    made.reason = "validated";
    made.owner = secure.owner.to_text();
    capi::put_rdatas(made, secure.type, secure.rdatas);
    expire(secure.expires);
  }
  void operator()(const dnssec::SecureDenial& denial) const {
    made.status = DANELAW_STATUS_SECURE_ABSENT;
    made.code = to_string(denial.kind);
    made.reason = denial.kind == dnssec::DenialKind::NameError
                      ? "validated proof that the name does not exist"
                      : "validated proof that the name has no such record";
    made.owner = denial.owner.to_text();
    expire(denial.expires);
  }
  void operator()(const dnssec::Insecure& insecure) const {
    // RFC 4033 section 5: nobody says whether that part of the tree is signed.
    if (insecure.reason == dnssec::InsecureReason::NoAnchorAbove)
      return fail(tlsa::LookupFault::Indeterminate, to_string(insecure.reason),
                  insecure.owner.to_text() + ": no trust anchor covers it");
    made.status = DANELAW_STATUS_INSECURE;
    made.code = to_string(insecure.reason);
    made.reason = "not signed: " + insecure.cut.to_text() + ": " + made.code;
    expire(insecure.expires);
  }

  void fail(tlsa::LookupFault fault, std::string_view code, const std::string& text) const {
    made.fault = tlsa::to_string(fault);
    made.code = code;
    made.reason = text;
  }

 private:
  void expire(EpochSeconds expires) const {
    made.expires = expires;
    const EpochSeconds left = std::clamp<EpochSeconds>(expires - now, 0, 0x7FFFFFFF);
    made.ttl = static_cast<std::uint32_t>(left);
  }
};

Result<std::vector<dnssec::ResourceRecord>> records_in(Bytes proof, bool is_extension_data,
                                                       danelaw_answer& made) {
  if (!is_extension_data) return dnssec::read_chain(proof);
  auto extension = dnssec::DnssecChainExtension::from_wire(proof);
  if (!extension) return extension.problem();
  made.support_lifetime = extension->support_lifetime;
  return std::move(extension->records);
}

}  // namespace

int danelaw_validate_proof(const uint8_t* proof, size_t octets, const char* name, const char* type,
                           const danelaw_proof_options* options, danelaw_answer** answer,
                           danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const auto known = capi::known_part(options);
    if ((proof == nullptr && octets != 0) || name == nullptr || type == nullptr || answer == nullptr ||
        !known)
      return capi::report(
          problem, DANELAW_ERR_ARGUMENT,
          "danelaw_validate_proof: proof, name, type, answer, and options with their size, are needed");
    const auto asked = capi::question_of(name, type);
    if (!asked) return capi::report(problem, asked.problem());
    const auto anchors = known->trust_anchors == nullptr ? dns::default_trust_anchors()
                                                         : dns::load_trust_anchors(known->trust_anchors);
    if (!anchors) return capi::report(problem, anchors.problem());

    auto made = std::make_unique<danelaw_answer>();
    const Filling filling{*made, known->has_time != 0 ? known->time : system_seconds()};
    const auto records = records_in(Bytes(proof, octets), known->is_extension_data != 0, *made);
    if (records) {
      const dnssec::Question question{asked->name, asked->type};
      if (known->wants_trace != 0) {
        auto traced = dnssec::trace(question, *records, *anchors, filling.now);
        std::visit(filling, traced.verdict);
        capi::put_trace(*made, std::move(traced));
      } else {
        std::visit(filling, dnssec::judge(question, *records, *anchors, filling.now).verdict);
      }
    } else {
      filling.fail(tlsa::LookupFault::Malformed, "malformed", records.problem().text);
    }
    *answer = made.release();
    return static_cast<int>(DANELAW_OK);
  });
}
