#include "dns/proof_keeper.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dns/spare_time.hpp"
#include "dnssec/proof.hpp"

namespace danelaw::dns {
namespace {

using dnssec::ResourceRecord;
using Records = std::vector<ResourceRecord>;

void append(Records& records, const std::vector<ResourceRecord>& more) {
  records.insert(records.end(), more.begin(), more.end());
}

}  // namespace

void ProofKeeper::note(const Question& question, const std::shared_ptr<const Fetched>& fetched) {
  if (question.type != RrType::Ds && question.type != RrType::Dnskey) return;
  if (!std::holds_alternative<Reply>(*fetched)) return;
  if (!m_zone_replies.insert_or_assign(question, fetched).second) return;
  m_order.push_back(question);
  if (m_order.size() <= max_zone_replies) return;
  m_zone_replies.erase(m_order.front());
  m_order.pop_front();
}

ProofKeeper::~ProofKeeper() { SpareTime::expect(-static_cast<int>(m_unwritten.size())); }

void ProofKeeper::use_anchors(const dnssec::TrustAnchors& anchors) {
  m_anchors = anchors;
  m_shelves.clear();
  for (const auto& store : m_stores) m_shelves.emplace_back(store, anchors);
  m_zone_replies.clear();
  m_order.clear();
  while (has_work()) drop_first();
}

void ProofKeeper::take(const Question& question, const Answer& answer, Records records, EpochSeconds now) {
  if (expiry_of(answer) <= now) return;  // failures expire before they begin
  // What is unsigned and yet part of the answer cannot be kept: the hosts that an unsigned domain names.
  if (is_referral(question) && std::holds_alternative<InsecureAnswer>(answer)) return;
  if (std::ranges::none_of(m_shelves, [&](const ProofShelf& shelf) { return shelf.takes(answer); })) return;
  m_unwritten.push_back({question, now, answer, std::move(records)});
  SpareTime::expect(1);
  if (m_unwritten.size() > max_unwritten) drop_first();
}

void ProofKeeper::write_next() {
  const SpareTime spare;
  if (m_unwritten.empty()) return;
  if (spare) write(m_unwritten.front());
  drop_first();
}

void ProofKeeper::drop_first() {
  m_unwritten.pop_front();
  SpareTime::expect(-1);
}

void ProofKeeper::write(const Unwritten& next) {
  auto proof = dnssec::proof_in(completed(next), next.question, m_anchors, next.fetched);
  if (!proof || !dnssec::stands_alone(proof->verdict)) return;
  const ProofEntry entry{next.question, next.fetched, expiry_of(next.answer), std::move(proof->records)};
  for (const ProofShelf& shelf : m_shelves)
    if (shelf.takes(next.answer)) shelf.keep(entry, next.fetched);
}

void ProofKeeper::write_rest() noexcept {
  try {
    while (has_work()) write_next();
  } catch (...) {
    return;  // no memory: what is not kept is asked for again
  }
}

void ProofKeeper::add_replies_of(const DnsName& zone, Records& records) const {
  for (const RrType type : {RrType::Ds, RrType::Dnskey}) {
    const auto reply = m_zone_replies.find({zone, type});
    if (reply == m_zone_replies.end()) continue;
    const dnssec::Message& message = std::get<Reply>(*reply->second).message;
    append(records, message.answer());
    append(records, message.authority());
  }
}

/// With what is known of all zones that are named in them. What is not needed is left out of the proof.
Records ProofKeeper::completed(const Unwritten& unwritten) const {
  std::set<DnsName> names{unwritten.question.name};
  for (const ResourceRecord& record : unwritten.records) {
    names.insert(record.owner);
    if (record.type != RrType::Rrsig) continue;
    if (const auto rrsig = dnssec::Rrsig::from_rdata(record.rdata)) names.insert(rrsig->signer);
  }
  // Names of one zone have all their ancestors in common.
  std::set<DnsName> zones;
  for (const DnsName& name : names)
    for (std::size_t labels = 0; labels <= name.label_count(); ++labels) zones.insert(name.ancestor(labels));
  Records records = unwritten.records;
  for (const DnsName& zone : zones) add_replies_of(zone, records);
  return records;
}

}  // namespace danelaw::dns
