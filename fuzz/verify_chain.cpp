// Records and a DER chain, all of it the attacker's: no verdict may crash, contradict our matcher, or depend on order.
//
// Input: the number of records, each as two octets of length and RDATA; then certificates, each as two octets of length
// and DER. What does not parse is left out, as the library would never see it.
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "fuzz_assert.hpp"
#include "tlsa/matching.hpp"
#include "verify/dane_engine.hpp"
#include "verify/explanation.hpp"

using namespace danelaw;

namespace {

/// Within the validity of the corpus's certificates, whenever it is run.
constexpr EpochSeconds verification_time = 1800000000;
constexpr int most_records = 16;
constexpr int most_certificates = 16;

struct Input {
  std::vector<Buffer> rdatas;
  verify::OwnedChain chain{sk_X509_new_null()};
};

std::optional<Bytes> take_block(ByteReader& reader) {
  const auto length = reader.take_u16();
  return length ? reader.take(*length) : std::nullopt;
}

Input read(Bytes octets) {
  Input input;
  ByteReader reader(octets);
  const int records = std::min<int>(reader.take_u8().value_or(0), most_records);
  for (int i = 0; i < records; ++i)
    if (const auto rdata = take_block(reader)) input.rdatas.push_back(to_buffer(*rdata));
  for (int i = 0; i < most_certificates; ++i) {
    const auto der = take_block(reader);
    if (!der) break;
    const unsigned char* at = der->data();
    X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der->size()));
    if (certificate != nullptr && sk_X509_push(input.chain.get(), certificate) == 0) X509_free(certificate);
  }
  ERR_clear_error();
  return input;
}

verify::Verdict judge(const std::vector<Buffer>& rdatas, STACK_OF(X509) * chain, verify::Profile profile) {
  static const auto engine = verify::DaneEngine::create().value();
  auto plan = std::make_shared<verify::Plan>();
  plan->policy.profile = profile;
  plan->base_domain = "www.example";
  plan->reference_identifiers = {"www.example"};
  plan->evidence = tlsa::outcome_of(tlsa::RecordSet::from_rdatas(rdatas, verify::usages_of(profile)));
  verify::OfflineSettings settings;
  settings.time = verification_time;
  return verify::judge_offline(*engine, chain, plan, settings);
}

/// An acceptance by DANE rests on a usable record whose content is in the verified path where its usage allows it.
void check_evidence(const verify::Verdict& verdict) {
  const auto* match = std::get_if<verify::Authenticated>(&verdict.decision);
  if (match == nullptr) return;
  FUZZ_ASSERT(verdict.accept && verdict.verify_result == X509_V_OK);
  const auto usable = verify::records_of(*verdict.plan)->usable();
  const auto record = std::find_if(usable.begin(), usable.end(),
                                   [&](const auto& candidate) { return candidate.index() == match->record; });
  FUZZ_ASSERT(record != usable.end());
  FUZZ_ASSERT(match->depth >= 0 && match->depth < sk_X509_num(verdict.verified.get()));
  const bool end_entity = record->usage() == tlsa::Usage::DaneEe || record->usage() == tlsa::Usage::PkixEe;
  if (end_entity) FUZZ_ASSERT(match->depth == 0);
  const tlsa::PeerCertificate at(sk_X509_value(verdict.verified.get(), match->depth));
  const bool bare_key = record->usage() == tlsa::Usage::DaneTa &&
                        record->selector() == tlsa::Selector::Spki &&
                        record->matching_type() == tlsa::MatchingType::Full;
  FUZZ_ASSERT(tlsa::matches(*record, at) || bare_key);
}

void check(const Input& input, verify::Profile profile) {
  const verify::Verdict verdict = judge(input.rdatas, input.chain.get(), profile);
  FUZZ_ASSERT(verify::reason_of(verdict.decision) != verify::Reason::SecondOpinion);
  check_evidence(verdict);
  const tlsa::RecordSet* records = verify::records_of(*verdict.plan);
  FUZZ_ASSERT(records != nullptr);
  if (!records->any_usable()) FUZZ_ASSERT(!std::holds_alternative<verify::Authenticated>(verdict.decision));
  FUZZ_ASSERT(verify::explain(verdict).records.size() == records->entries().size());

  std::vector<Buffer> reversed(input.rdatas.rbegin(), input.rdatas.rend());
  FUZZ_ASSERT(judge(reversed, input.chain.get(), profile).accept == verdict.accept);
  if (!records->any_usable()) return;  // what follows is about sets that decide
  FUZZ_ASSERT(ERR_peek_error() == 0);
  reversed.push_back({3, 1, 99});
  reversed.push_back({3});
  FUZZ_ASSERT(judge(reversed, input.chain.get(), profile).accept == verdict.accept);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input = read(Bytes(data, size));
  check(input, verify::Profile::Generic);
  check(input, verify::Profile::Smtp);
  ERR_clear_error();
  return 0;
}
