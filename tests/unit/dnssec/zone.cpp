#include "zone.hpp"

#include <algorithm>
#include <numeric>

#include "dnssec/base32hex.hpp"
#include "dnssec/names.hpp"
#include "dnssec/nsec.hpp"

namespace lab {

using danelaw::dnssec::canonical_key;
using danelaw::dnssec::is_below;
using danelaw::dnssec::wildcard_of;

namespace {

std::uint8_t seed_of(const DnsName& apex) {
  const Bytes wire = apex.wire();
  return static_cast<std::uint8_t>(std::accumulate(wire.begin(), wire.end(), 7U));
}

std::string key_of(Bytes octets) { return std::string(octets.begin(), octets.end()); }

}  // namespace

void append(Records& records, const Records& more) {
  records.insert(records.end(), more.begin(), more.end());
}

Buffer name_rdata(std::string_view text) { return danelaw::to_buffer(name(text).wire()); }

Buffer types_bitmap(const std::set<RrType>& types) {
  std::map<unsigned, Buffer> windows;
  for (const RrType type : types) {
    const auto number = static_cast<unsigned>(type);
    Buffer& bits = windows[number >> 8];
    const std::size_t octet = (number & 0xFFU) / 8;
    if (bits.size() <= octet) bits.resize(octet + 1);
    bits[octet] = static_cast<std::uint8_t>(bits[octet] | 0x80U >> number % 8);
  }
  Buffer bitmap;
  for (const auto& [window, bits] : windows) {
    bitmap.push_back(static_cast<std::uint8_t>(window));
    bitmap.push_back(static_cast<std::uint8_t>(bits.size()));
    put(bitmap, bits);
  }
  return bitmap;
}

Buffer nsec_rdata(const DnsName& next, const std::set<RrType>& types) {
  Buffer rdata = danelaw::to_buffer(next.wire());
  put(rdata, types_bitmap(types));
  return rdata;
}

Buffer nsec3_rdata(std::uint8_t flags, std::uint16_t iterations, const Buffer& salt, const Buffer& next_hash,
                   const std::set<RrType>& types) {
  Buffer rdata{1, flags};
  put_u16(rdata, iterations);
  rdata.push_back(static_cast<std::uint8_t>(salt.size()));
  put(rdata, salt);
  rdata.push_back(static_cast<std::uint8_t>(next_hash.size()));
  put(rdata, next_hash);
  put(rdata, types_bitmap(types));
  return rdata;
}

Zone::Zone(std::string_view apex, Chain chain)
    : m_apex(name(apex)),
      m_chain(chain),
      m_ksk(SigningKey::seeded(seed_of(m_apex), entry_point)),
      m_zsk(SigningKey::seeded(static_cast<std::uint8_t>(seed_of(m_apex) + 1))) {
  Buffer soa = name_rdata(".");
  put(soa, name(".").wire());
  for (const std::uint32_t field : {1U, 2U, 3U, 4U, 300U}) put_u32(soa, field);
  m_data[{m_apex, RrType::Soa}] = {soa};
  m_data[{m_apex, RrType::Ns}] = {name_rdata("ns.elsewhere")};
}

Zone& Zone::add(std::string_view owner, RrType type, Buffer rdata) {
  m_data[{name(owner), type}].push_back(std::move(rdata));
  return *this;
}

Zone& Zone::delegate(std::string_view child, const std::vector<Buffer>& ds) {
  m_data[{name(child), RrType::Ns}] = {name_rdata("ns.elsewhere")};
  if (!ds.empty()) m_data[{name(child), RrType::Ds}] = ds;
  return *this;
}

Zone& Zone::keys(const SigningKey& ksk, const SigningKey& zsk) {
  m_ksk = ksk;
  m_zsk = zsk;
  return *this;
}

Zone& Zone::iterations(std::uint16_t count) {
  m_iterations = count;
  return *this;
}

Zone& Zone::times(const Signing& signing) {
  m_signing = signing;
  return *this;
}

bool Zone::is_cut(const DnsName& owner) const {
  return owner != m_apex && m_data.contains({owner, RrType::Ns});
}

std::set<RrType> Zone::types_at(const DnsName& owner) const {
  std::set<RrType> types;
  for (const auto& [key, rdatas] : m_data) {
    if (key.first == owner) types.insert(key.second);
  }
  return types;
}

bool Zone::exists(const DnsName& owner) const {
  return owner == m_apex ||
         std::ranges::any_of(m_data, [&](const auto& entry) { return entry.first.first.is_within(owner); });
}

DnsName Zone::closest_encloser(const DnsName& owner) const {
  DnsName encloser = owner;
  while (!exists(encloser)) encloser = encloser.parent();
  return encloser;
}

void Zone::put_signed(Records rrset) {
  const bool is_keys = rrset.front().type == RrType::Dnskey;
  const bool parents_ns = rrset.front().type == RrType::Ns && is_cut(rrset.front().owner);
  const Key key{rrset.front().owner, rrset.front().type};
  if (m_chain != Chain::Unsigned && !parents_ns)
    rrset.push_back(rrsig(rrset, is_keys ? m_ksk : m_zsk, m_apex, m_signing));
  m_signed[key] = std::move(rrset);
}

void Zone::sign() {
  m_signed.clear();
  m_order.clear();
  if (m_chain != Chain::Unsigned) m_data[{m_apex, RrType::Dnskey}] = {m_ksk.dnskey(), m_zsk.dnskey()};
  for (const auto& [key, rdatas] : m_data) {
    Records rrset;
    for (const Buffer& rdata : rdatas) rrset.push_back(record(key.first, key.second, rdata));
    put_signed(std::move(rrset));
  }
  if (m_chain == Chain::Nsec) make_nsecs();
  if (m_chain == Chain::Nsec3 || m_chain == Chain::OptOut) make_nsec3s();
}

/// Owners of records, in canonical order.
std::vector<DnsName> Zone::chain_names() const {
  std::map<std::string, DnsName> names;
  for (const auto& [key, rdatas] : m_data) names.emplace(canonical_key(key.first), key.first);
  std::vector<DnsName> sorted;
  for (const auto& [key, owner] : names) sorted.push_back(owner);
  return sorted;
}

void Zone::make_nsecs() {
  const auto names = chain_names();
  for (std::size_t at = 0; at < names.size(); ++at) {
    auto types = types_at(names[at]);
    types.insert({RrType::Rrsig, RrType::Nsec});
    const DnsName& next = names[(at + 1) % names.size()];
    put_signed({record(names[at], RrType::Nsec, nsec_rdata(next, types))});
    m_order[canonical_key(names[at])] = m_signed[{names[at], RrType::Nsec}];
  }
}

DnsName Zone::hashed(const DnsName& owner) const {
  const auto hash = danelaw::dnssec::nsec3_hash(owner, m_iterations, m_salt).value();
  return m_apex.child(danelaw::dnssec::to_base32hex(hash)).value();
}

void Zone::make_nsec3s() {
  std::map<Buffer, DnsName> names;
  for (DnsName owner : chain_names()) {
    const bool unsigned_cut = is_cut(owner) && !m_data.contains({owner, RrType::Ds});
    if (m_chain == Chain::OptOut && unsigned_cut) continue;
    for (; owner != m_apex; owner = owner.parent())
      names.emplace(danelaw::dnssec::nsec3_hash(owner, m_iterations, m_salt).value(), owner);
    names.emplace(danelaw::dnssec::nsec3_hash(m_apex, m_iterations, m_salt).value(), m_apex);
  }
  for (auto at = names.begin(); at != names.end(); ++at) {
    auto types = types_at(at->second);
    const bool unsigned_cut = is_cut(at->second) && !types.contains(RrType::Ds);
    if (!types.empty() && !unsigned_cut) types.insert(RrType::Rrsig);
    const auto next = std::next(at) == names.end() ? names.begin() : std::next(at);
    const std::uint8_t flags = m_chain == Chain::OptOut ? 1 : 0;
    const DnsName owner = hashed(at->second);
    put_signed({record(owner, RrType::Nsec3, nsec3_rdata(flags, m_iterations, m_salt, next->first, types))});
    m_order[key_of(at->first)] = m_signed[{owner, RrType::Nsec3}];
  }
}

Records Zone::find(const DnsName& owner, RrType type) const {
  const auto found = m_signed.find({owner, type});
  return found == m_signed.end() ? Records{} : found->second;
}

Records Zone::matching(const DnsName& owner) const {
  if (m_chain == Chain::Unsigned) return {};
  return m_chain == Chain::Nsec ? find(owner, RrType::Nsec) : find(hashed(owner), RrType::Nsec3);
}

Records Zone::covering(const DnsName& owner) const {
  if (m_order.empty()) return {};
  const std::string key = m_chain == Chain::Nsec
                              ? canonical_key(owner)
                              : key_of(danelaw::dnssec::nsec3_hash(owner, m_iterations, m_salt).value());
  const auto after = m_order.lower_bound(key);
  return after == m_order.begin() ? m_order.rbegin()->second : std::prev(after)->second;
}

Records Zone::encloser_proof(const DnsName& owner) const {
  if (m_chain == Chain::Unsigned || m_chain == Chain::Nsec) return covering(owner);
  DnsName encloser = owner.parent();
  DnsName next_closer = owner;
  while (matching(encloser).empty() && encloser != m_apex) {
    next_closer = encloser;
    encloser = encloser.parent();
  }
  Records records = matching(encloser);
  append(records, covering(next_closer));
  return records;
}

Records Zone::everything() const {
  Records records;
  for (const auto& [key, rrset] : m_signed) append(records, rrset);
  return records;
}

Records Zone::aliased(const DnsName& owner) const {
  for (DnsName above = owner; above != m_apex;) {
    above = above.parent();
    Records dname = find(above, RrType::Dname);
    if (dname.empty()) continue;
    // RFC 6672 section 3.1: with a synthesized CNAME that nobody signed.
    Buffer target = danelaw::to_buffer(owner.wire().first(owner.wire().size() - above.wire().size()));
    put(target, dname.front().rdata);
    dname.push_back(record(owner, RrType::Cname, target));
    return dname;
  }
  return find(owner, RrType::Cname);
}

Records Zone::expanded(const DnsName& wildcard, RrType type, const DnsName& owner) const {
  Records records = find(wildcard, type);
  if (records.empty()) records = find(wildcard, RrType::Cname);
  for (ResourceRecord& one : records) one.owner = owner;
  return records;
}

Records Zone::denial(const DnsName& owner) const {
  const DnsName wildcard = wildcard_of(closest_encloser(owner)).value();
  Records records = encloser_proof(owner);
  append(records, exists(wildcard) && !matching(wildcard).empty() ? matching(wildcard) : covering(wildcard));
  append(records, find(m_apex, RrType::Soa));
  return records;
}

Records Zone::reply(const Question& question) const {
  Records records = find(question.name, question.type);
  if (!records.empty()) return records;
  records = aliased(question.name);
  if (!records.empty()) return records;
  if (exists(question.name)) {
    records = matching(question.name);
    if (records.empty())
      records = encloser_proof(question.name);  // an empty non-terminal of NSEC, or opt-out
    append(records, find(m_apex, RrType::Soa));
    return records;
  }
  records = expanded(wildcard_of(closest_encloser(question.name)).value(), question.type, question.name);
  if (records.empty()) return denial(question.name);
  append(records, m_chain == Chain::Nsec ? covering(question.name) : encloser_proof(question.name));
  return records;
}

}  // namespace lab
