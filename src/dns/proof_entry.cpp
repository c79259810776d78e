#include "dns/proof_entry.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dns/reply.hpp"
#include "dns/stub_answer.hpp"
#include "dnssec/judge.hpp"

namespace danelaw::dns {
namespace {

constexpr std::array<std::uint8_t, 8> magic = {'D', 'a', 'n', 'e', 'l', 'a', 'w', '\n'};
constexpr std::uint16_t version = 1;
constexpr EpochSeconds longest =
    std::max({max_positive_lifetime, max_denial_lifetime, max_insecure_lifetime}).count();

Problem no_entry(const std::string& why) { return Problem{Fault::Lookup, "no entry of the cache: " + why}; }

void put_u16(Buffer& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_time(Buffer& out, EpochSeconds time) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(time >> shift));
}

/// Nothing where it is before 1970.
std::optional<EpochSeconds> take_time(ByteReader& reader) {
  const auto high = reader.take_u32();
  const auto low = reader.take_u32();
  if (!high || !low || *high > 0x7FFFFFFFU) return std::nullopt;
  return static_cast<EpochSeconds>(*high) << 32 | *low;
}

/// TTLs count from when the records came.
std::vector<dnssec::ResourceRecord> aged(std::vector<dnssec::ResourceRecord> records, EpochSeconds age) {
  for (dnssec::ResourceRecord& record : records)
    record.ttl = static_cast<std::uint32_t>(std::max<EpochSeconds>(record.ttl - age, 0));
  return records;
}

/// Ends the answer at `latest` at the latest; false for failures.
struct EndBy {
  EpochSeconds now;
  EpochSeconds latest;

  bool operator()(FailedAnswer&) const { return false; }
  bool operator()(SecureRrset& secure) const {
    secure.expires = std::min(secure.expires, latest);
    secure.ttl = static_cast<std::uint32_t>(std::max<EpochSeconds>(secure.expires - now, 0));
    return secure.expires > now;
  }
  template <class Other>
  bool operator()(Other& other) const {
    other.expires = std::min(other.expires, latest);
    return other.expires > now;
  }
};

}  // namespace

Result<ProofEntry> read_entry(Bytes octets) {
  ByteReader reader(octets);
  const auto mark = reader.take(magic.size());
  if (!mark || !equal(*mark, magic)) return no_entry("it does not begin like one");
  if (reader.take_u16() != version) return no_entry("it is of another version");
  auto name = DnsName::from_wire(reader);
  if (!name) return no_entry(name.problem().text);
  const auto type = reader.take_u16();
  const auto fetched = take_time(reader);
  const auto expires = take_time(reader);
  if (!type || !fetched || !expires) return no_entry("it ends early");
  if (*expires <= *fetched || *expires - *fetched > longest) return no_entry("no answer lasts as long");
  auto records = dnssec::read_chain(reader.take_rest());
  if (!records) return no_entry(records.problem().text);
  return ProofEntry{{std::move(*name), static_cast<RrType>(*type)}, *fetched, *expires, std::move(*records)};
}

Result<Buffer> write_entry(const ProofEntry& entry) {
  const auto chain = dnssec::write_chain(entry.records);
  if (!chain) return chain.problem();
  Buffer out(magic.begin(), magic.end());
  put_u16(out, version);
  const Bytes name = entry.question.name.wire();
  out.insert(out.end(), name.begin(), name.end());
  put_u16(out, static_cast<std::uint16_t>(entry.question.type));
  put_time(out, entry.fetched);
  put_time(out, entry.expires);
  out.insert(out.end(), chain->begin(), chain->end());
  return out;
}

std::optional<Answer> answer_in(const ProofEntry& entry, const Question& question,
                                const dnssec::TrustAnchors& anchors, EpochSeconds now,
                                dnssec::Known* verified) {
  if (entry.question != question || entry.fetched > now || entry.expires <= now) return std::nullopt;
  // Of what is known only signatures: the chain must stand by itself.
  const dnssec::JudgeOptions options{.known = verified};
  auto judgement = dnssec::judge(question, aged(entry.records, now - entry.fetched), anchors, now, options);
  if (verified != nullptr) verified->verified.merge(judgement.learned.verified);
  if (!dnssec::stands_alone(judgement.verdict)) return std::nullopt;
  Answer answer = answer_of(judgement.verdict, now);
  if (!std::visit(EndBy{now, entry.expires}, answer)) return std::nullopt;
  return answer;
}

}  // namespace danelaw::dns
