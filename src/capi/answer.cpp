#include "capi/answer.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "capi/errors.hpp"
#include "danelaw/proof.h"
#include "dns/idn.hpp"
#include "dns/rr_text.hpp"
#include "dnssec/authentication_chain.hpp"
#include "dnssec/signed_data.hpp"

using namespace danelaw;

namespace danelaw::capi {
namespace {

Result<DnsName> question_name(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char octet) { return (octet & '\x80') == 0; });
  if (!ascii) return dns::host_name_from_text(text);
  auto asked = DnsName::from_text(text);
  if (asked) return asked;
  return Problem{Fault::Name, dns::quoted(text) + " is no DNS name: " + asked.problem().text};
}

/// For each RRset when the last of its signatures ends; those that end first come first.
std::vector<danelaw_answer::ProofRrset> rrsets_of(const std::vector<dnssec::ResourceRecord>& records,
                                                  EpochSeconds now) {
  std::map<std::pair<DnsName, RrType>, EpochSeconds> ends;
  for (const dnssec::ResourceRecord& record : records) {
    if (record.type != RrType::Rrsig) continue;
    const auto rrsig = dnssec::Rrsig::from_rdata(record.rdata);
    if (!rrsig) continue;
    EpochSeconds& end = ends[{record.owner, rrsig->type_covered}];
    end = std::max(end, dnssec::end_of(*rrsig, now));
  }
  std::vector<danelaw_answer::ProofRrset> rrsets;
  for (const auto& [key, end] : ends)
    rrsets.push_back({key.first.to_text() + " " + dns::to_text(key.second), end});
  std::ranges::stable_sort(rrsets, {}, &danelaw_answer::ProofRrset::signed_until);
  return rrsets;
}

}  // namespace

Result<NameAndType> question_of(const char* name, const char* type) {
  const auto asked_type = dns::type_from_text(type);
  if (!asked_type)
    return Problem{Fault::Argument,
                   "\"" + std::string(type) + "\" is no RR type: use a mnemonic such as TLSA, or TYPE52"};
  auto asked_name = question_name(name);
  if (!asked_name) return asked_name.problem();
  return NameAndType{std::move(*asked_name), *asked_type};
}

void put_rdatas(danelaw_answer& answer, RrType type, const std::vector<Buffer>& rdatas) {
  answer.rdatas = rdatas;
  for (const Buffer& rdata : rdatas) answer.texts.push_back(dns::rdata_to_text(type, rdata));
}

Result<std::monostate> put_proof(danelaw_answer& answer, const std::vector<dnssec::ResourceRecord>& records,
                                 EpochSeconds now) {
  auto chain = dnssec::write_chain(records);
  if (!chain) return chain.problem();
  answer.proof = std::move(*chain);
  answer.proof_rrsets = rrsets_of(records, now);
  return std::monostate{};
}

}  // namespace danelaw::capi

void danelaw_answer_free(danelaw_answer* answer) { delete answer; }

danelaw_status danelaw_answer_status(const danelaw_answer* answer) {
  return answer == nullptr ? DANELAW_STATUS_ERROR : answer->status;
}
const char* danelaw_answer_fault(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->fault.c_str();
}
const char* danelaw_answer_code(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->code.c_str();
}
const char* danelaw_answer_reason(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->reason.c_str();
}
const char* danelaw_answer_owner(const danelaw_answer* answer) {
  return answer == nullptr ? "" : answer->owner.c_str();
}
uint32_t danelaw_answer_ttl(const danelaw_answer* answer) { return answer == nullptr ? 0 : answer->ttl; }
int64_t danelaw_answer_expiry(const danelaw_answer* answer) {
  return answer == nullptr ? 0 : answer->expires;
}
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

const uint8_t* danelaw_answer_proof(const danelaw_answer* answer, size_t* octets) {
  if (answer == nullptr || octets == nullptr || answer->proof.empty()) return nullptr;
  *octets = answer->proof.size();
  return answer->proof.data();
}
const uint8_t* danelaw_answer_extension_data(danelaw_answer* answer, unsigned support_lifetime,
                                             size_t* octets) {
  return capi::guarded_value<const uint8_t*>(nullptr, [&]() -> const uint8_t* {
    if (answer == nullptr || octets == nullptr || answer->proof.empty() || support_lifetime > 0xFFFF)
      return nullptr;
    auto records = dnssec::read_chain(answer->proof);
    if (!records) return nullptr;
    const dnssec::DnssecChainExtension extension{static_cast<std::uint16_t>(support_lifetime),
                                                 std::move(*records)};
    auto data = extension.to_wire();
    if (!data) return nullptr;
    answer->extension_data = std::move(*data);
    *octets = answer->extension_data.size();
    return answer->extension_data.data();
  });
}
size_t danelaw_answer_proof_count(const danelaw_answer* answer) {
  return answer == nullptr ? 0 : answer->proof_rrsets.size();
}
const char* danelaw_answer_proof_text(const danelaw_answer* answer, size_t index, int64_t* signed_until) {
  if (index >= danelaw_answer_proof_count(answer)) return nullptr;
  const auto& rrset = answer->proof_rrsets[index];
  if (signed_until != nullptr) *signed_until = rrset.signed_until;
  return rrset.text.c_str();
}
int danelaw_answer_support_lifetime(const danelaw_answer* answer) {
  return answer == nullptr ? -1 : answer->support_lifetime;
}
