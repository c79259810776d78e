#include "dnssec/proof.hpp"

#include <set>
#include <tuple>
#include <utility>

#include "dnssec/session.hpp"

namespace danelaw::dnssec {

namespace {

using Records = std::vector<ResourceRecord>;

/// The times aside, which depend on what else was in the bag.
struct SameVerdict {
  bool operator()(const SecureRrset& a, const SecureRrset& b) const {
    return std::tie(a.owner, a.type, a.rdatas, a.aliases) == std::tie(b.owner, b.type, b.rdatas, b.aliases);
  }
  bool operator()(const SecureDenial& a, const SecureDenial& b) const {
    return std::tie(a.kind, a.owner, a.aliases) == std::tie(b.kind, b.owner, b.aliases);
  }
  bool operator()(const Insecure& a, const Insecure& b) const {
    return std::tie(a.reason, a.cut, a.owner, a.aliases) == std::tie(b.reason, b.cut, b.owner, b.aliases);
  }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

/// An RRset and the signatures of its zone that verify.
Records signed_records(Session& session, const Rrset& rrset, const DnsName& zone) {
  ZoneKeys* const keys = session.zones.find(zone);
  Records records;
  if (keys == nullptr) return records;
  for (const Signature& signature : rrset.signatures) {
    Rrset with_one = rrset;
    with_one.signatures = {&signature, 1};
    const auto verdict = session.signatures.check_with(with_one, zone, keys->keys);
    if (!std::holds_alternative<Signed>(verdict)) continue;
    records.push_back({rrset.owner, RrType::Rrsig, class_in, signature.ttl, to_buffer(signature.rdata)});
  }
  for (const Bytes rdata : rrset.rdatas)
    records.push_back({rrset.owner, rrset.type, class_in, rrset.ttl, to_buffer(rdata)});
  return records;
}

/// All that was found to be signed on the way to the verdict, RRset by RRset.
std::vector<Records> found_signed(Session& session) {
  std::set<std::pair<const Rrset*, DnsName>> found;
  for (const auto& [subject, verdict] : session.signatures.checked())
    if (std::holds_alternative<Signed>(verdict)) found.insert(subject);
  for (const auto& [zone, keys] : session.zones.entered())
    for (const Rrset& rrset : session.bag.find(zone, RrType::Dnskey)) found.emplace(&rrset, zone);
  std::vector<Records> rrsets;
  for (const auto& [rrset, zone] : found) rrsets.push_back(signed_records(session, *rrset, zone));
  return rrsets;
}

Records joined(const std::vector<Records>& rrsets, const Records* without) {
  Records all;
  for (const Records& rrset : rrsets)
    if (&rrset != without) all.insert(all.end(), rrset.begin(), rrset.end());
  return all;
}

}  // namespace

std::optional<Proof> proof_in(std::span<const ResourceRecord> records, const Question& question,
                              const TrustAnchors& anchors, EpochSeconds now, const JudgeOptions& options) {
  Session session(records, anchors, now, options.sha1, options.limits, nullptr);
  const Verdict verdict = verdict_of(session, question);
  if (std::holds_alternative<Bogus>(verdict) || std::holds_alternative<Missing>(verdict)) return std::nullopt;

  std::vector<Records> rrsets = found_signed(session);
  // The signatures have been checked: from here on only what they say counts.
  Known known;
  known.verified = std::move(session.signatures.verified());
  const auto judged = [&](const Records& bag) {
    return judge(question, bag, anchors, now, {options.limits, options.sha1, &known}).verdict;
  };
  const auto suffices = [&](const Records& bag) { return std::visit(SameVerdict(), judged(bag), verdict); };
  for (std::size_t at = 0; at < rrsets.size();) {
    if (suffices(joined(rrsets, &rrsets[at])))
      rrsets.erase(rrsets.begin() + static_cast<std::ptrdiff_t>(at));
    else
      ++at;
  }
  Proof proof{{}, joined(rrsets, nullptr)};
  proof.verdict = judged(proof.records);
  if (!std::visit(SameVerdict(), proof.verdict, verdict)) return std::nullopt;
  return proof;
}

}  // namespace danelaw::dnssec
