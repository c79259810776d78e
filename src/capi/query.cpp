// danelaw_query and danelaw_answer: one DNS question, validated.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capi/errors.hpp"
#include "capi/resolver.hpp"
#include "dns/idn.hpp"
#include "dns/rr_text.hpp"

using namespace danelaw;

struct danelaw_answer {
  danelaw_status status = DANELAW_STATUS_ERROR;
  std::string fault;
  std::string reason;
  std::string owner;
  std::uint32_t ttl = 0;
  std::vector<Buffer> rdatas;
  std::vector<std::string> texts;
};

namespace {

std::uint32_t seconds_left(EpochSeconds expires) {
  const EpochSeconds now = system_seconds();
  return expires > now ? static_cast<std::uint32_t>(expires - now) : 0;
}

/// Writes what an answer says into the object that is given out.
struct Filling {
  danelaw_answer& made;
  RrType type;

  void operator()(const dns::FailedAnswer& failed) const {
    made.fault = tlsa::to_string(failed.fault);
    made.reason = failed.reason;
  }
  void operator()(const dns::SecureRrset& rrset) const {
    made.status = DANELAW_STATUS_SECURE;
    made.reason = "validated";
    made.owner = rrset.owner.to_text();
    made.ttl = seconds_left(rrset.expires);
    made.rdatas = rrset.rdatas;
    for (const Buffer& rdata : rrset.rdatas) made.texts.push_back(dns::rdata_to_text(type, rdata));
  }
  void operator()(const dns::SecureDenial& denial) const {
    made.status = DANELAW_STATUS_SECURE_ABSENT;
    made.reason = denial.name_exists ? "validated proof that the name has no such record"
                                     : "validated proof that the name does not exist";
    made.owner = denial.owner.to_text();
    made.ttl = seconds_left(denial.expires);
  }
  void operator()(const dns::InsecureAnswer& insecure) const {
    made.status = DANELAW_STATUS_INSECURE;
    made.reason = insecure.reason;
    made.ttl = seconds_left(insecure.expires);
  }
};

/// Owner names may carry underscores and escapes; names in other scripts are host names.
Result<DnsName> question_name(const char* name) {
  const std::string_view text(name);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char octet) { return (octet & '\x80') == 0; });
  if (!ascii) return dns::host_name_from_text(text);
  auto asked = DnsName::from_text(text);
  if (asked) return asked;
  return Problem{Fault::Name, dns::quoted(text) + " is no DNS name: " + asked.problem().text};
}

}  // namespace

int danelaw_query(danelaw_resolver* resolver, const char* name, const char* type, danelaw_answer** answer,
                  danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || name == nullptr || type == nullptr || answer == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_query: resolver, name, type and answer are needed");
    const auto asked_type = dns::type_from_text(type);
    if (!asked_type)
      return capi::report(
          problem, DANELAW_ERR_ARGUMENT,
          "\"" + std::string(type) + "\" is no RR type: use a mnemonic such as TLSA, or TYPE52");
    const auto asked_name = question_name(name);
    if (!asked_name) return capi::report(problem, asked_name.problem());

    const auto pending = resolver->resolver->ask({*asked_name, *asked_type});
    constexpr std::chrono::milliseconds margin{
        250};  // the resolver's own word about its deadline comes first
    const auto got =
        pending->wait(std::chrono::steady_clock::now() + resolver->resolver->deadline() + margin);
    auto made = std::make_unique<danelaw_answer>();
    const dns::Answer answered =
        got ? *got : dns::FailedAnswer{tlsa::LookupFault::Timeout, "no answer in time"};
    std::visit(Filling{*made, *asked_type}, answered);
    *answer = made.release();
    return static_cast<int>(DANELAW_OK);
  });
}

void danelaw_answer_free(danelaw_answer* answer) { delete answer; }

danelaw_status danelaw_answer_status(const danelaw_answer* answer) {
  return answer == nullptr ? DANELAW_STATUS_ERROR : answer->status;
}
const char* danelaw_answer_fault(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->fault.c_str();
}
const char* danelaw_answer_reason(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->reason.c_str();
}
const char* danelaw_answer_owner(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->owner.c_str();
}
uint32_t danelaw_answer_ttl(const danelaw_answer* answer) { return answer == nullptr ? 0 : answer->ttl; }
size_t danelaw_answer_count(const danelaw_answer* answer) {
  return answer == nullptr ? 0 : answer->rdatas.size();
}
const char* danelaw_answer_text(const danelaw_answer* answer, size_t index) {
  return index < danelaw_answer_count(answer) ? answer->texts[index].c_str() : nullptr;
}
const uint8_t* danelaw_answer_rdata(const danelaw_answer* answer, size_t index, size_t* octets) {
  if (octets == nullptr || index >= danelaw_answer_count(answer)) return nullptr;
  *octets = answer->rdatas[index].size();
  return answer->rdatas[index].data();
}
