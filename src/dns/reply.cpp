#include "dns/reply.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dns/rcode.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {
namespace {

using dnssec::Message;
using dnssec::ResourceRecord;
using tlsa::LookupFault;

/// RFC 1982 serial arithmetic: seconds from `now` to an RRSIG's expiration; negative where it has passed.
std::int64_t seconds_until(std::uint32_t expiration, EpochSeconds now) {
  return static_cast<std::int32_t>(expiration - static_cast<std::uint32_t>(now));
}

/// How long what was used of a message lasts: its TTLs, and its signatures.
class Lifetime final {
 public:
  Lifetime(std::chrono::seconds longest, EpochSeconds now) : m_seconds(longest.count()), m_now(now) {}

  void at_most(std::int64_t seconds) { m_seconds = std::min(m_seconds, std::max<std::int64_t>(seconds, 0)); }

  /// The records of `section` at `owner` of `type`, and the signatures over them. Of several signatures the longest
  /// counts: one that has expired beside a good one is no reason to forget the answer, and the validator has bounded the
  /// TTL by the one it checked.
  void use(const std::vector<ResourceRecord>& section, const DnsName& owner, RrType type) {
    std::optional<std::int64_t> signed_for;
    for (const ResourceRecord& record : section) {
      if (record.owner != owner) continue;
      if (record.type == type) at_most(record.ttl);
      if (record.type != RrType::Rrsig) continue;
      const auto signature = dnssec::Rrsig::from_rdata(record.rdata);
      if (!signature || signature->type_covered != type) continue;
      const std::int64_t left = seconds_until(signature->expiration, m_now);
      signed_for = std::max(signed_for.value_or(left), left);
    }
    if (signed_for) at_most(*signed_for);
  }

  void use_all(const std::vector<ResourceRecord>& section) {
    std::set<std::pair<DnsName, RrType>> rrsets;
    for (const ResourceRecord& record : section)
      if (record.type != RrType::Rrsig && rrsets.emplace(record.owner, record.type).second)
        use(section, record.owner, record.type);
  }

  [[nodiscard]] EpochSeconds end() const { return m_now + m_seconds; }

 private:
  std::int64_t m_seconds;
  EpochSeconds m_now;
};

/// RDATA that is one domain name and nothing else.
std::optional<DnsName> name_in(const ResourceRecord& record) {
  ByteReader reader(record.rdata);
  auto name = DnsName::from_wire(reader);
  if (!name || reader.remaining() != 0) return std::nullopt;
  return name.value();
}

/// RFC 6672 section 2.2: the DNAME's owner at the end of `name` gives way to its target.
std::optional<DnsName> substitute(const DnsName& name, const DnsName& owner, const DnsName& target) {
  Buffer wire = to_buffer(name.wire().first(name.wire().size() - owner.wire().size()));
  wire.insert(wire.end(), target.wire().begin(), target.wire().end());
  ByteReader reader(wire);
  auto substituted = DnsName::from_wire(reader);
  if (!substituted) return std::nullopt;
  return substituted.value();
}

FailedAnswer failed(LookupFault fault, std::string reason) { return FailedAnswer{fault, std::move(reason)}; }

/// The alias chain of a message, walked from the question's name.
class Chain final {
 public:
  Chain(const Question& question, const std::vector<ResourceRecord>& section) : m_section(section) {
    m_end = question.name;
    while (!m_failure && !has(question.type) && step()) {
    }
    for (const ResourceRecord& record : m_section)
      if (record.owner == m_end && record.type == question.type) m_rdatas.push_back(record.rdata);
  }

  [[nodiscard]] const std::optional<FailedAnswer>& failure() const { return m_failure; }
  [[nodiscard]] const DnsName& end() const { return m_end; }
  [[nodiscard]] const std::vector<Buffer>& rdatas() const { return m_rdatas; }

  void use_links(Lifetime& lifetime) const {
    for (const auto& [owner, type] : m_links) lifetime.use(m_section, owner, type);
  }

 private:
  [[nodiscard]] bool has(RrType type) const {
    return std::any_of(m_section.begin(), m_section.end(), [&](const ResourceRecord& record) {
      return record.type == type && record.owner == m_end;
    });
  }

  /// Follows one alias. False where the chain ends here.
  bool step() {
    const ResourceRecord* alias = nullptr;
    for (const ResourceRecord& record : m_section) {
      const bool dname =
          record.type == RrType::Dname && record.owner != m_end && m_end.is_within(record.owner);
      // A CNAME beside a DNAME is only its synthesis; the DNAME is what was signed (RFC 6672 section 5.3.1).
      if (dname) alias = &record;
      if (record.type == RrType::Cname && record.owner == m_end && alias == nullptr) alias = &record;
    }
    if (alias == nullptr) return false;
    if (m_links.size() == max_alias_hops) return fail(LookupFault::Limit, "more aliases than are followed");
    for (const ResourceRecord& record : m_section)
      if (record.type == alias->type && record.owner == alias->owner && record.rdata != alias->rdata)
        return fail(LookupFault::Malformed, "two aliases at " + alias->owner.to_text());
    std::optional<DnsName> next = name_in(*alias);
    if (next && alias->type == RrType::Dname) next = substitute(m_end, alias->owner, *next);
    if (!next)
      return fail(LookupFault::Malformed, "an alias at " + alias->owner.to_text() + " leads to no name");
    m_links.emplace_back(alias->owner, alias->type);
    m_end = std::move(*next);
    return true;
  }

  bool fail(LookupFault fault, std::string reason) {
    m_failure = failed(fault, std::move(reason));
    return false;
  }

  const std::vector<ResourceRecord>& m_section;
  DnsName m_end;
  std::vector<std::pair<DnsName, RrType>> m_links;
  std::vector<Buffer> m_rdatas;
  std::optional<FailedAnswer> m_failure;
};

/// The records of the Internet's class.
std::vector<ResourceRecord> internet(std::vector<ResourceRecord> section) {
  std::erase_if(section, [](const ResourceRecord& record) { return record.dns_class != dnssec::class_in; });
  return section;
}

/// The last field of an SOA: how long its denials last (RFC 2308 section 5).
std::optional<std::uint32_t> soa_minimum(const ResourceRecord& soa) {
  ByteReader reader(soa.rdata);
  const auto skipped = reader.remaining() >= 4 ? reader.take(reader.remaining() - 4) : std::nullopt;
  return skipped ? reader.take_u32() : std::nullopt;
}

void use_soa_minimum(Lifetime& lifetime, const std::vector<ResourceRecord>& authority) {
  for (const ResourceRecord& record : authority)
    if (record.type == RrType::Soa) lifetime.at_most(soa_minimum(record).value_or(0));
}

bool proves_absence(const std::vector<ResourceRecord>& authority) {
  return std::any_of(authority.begin(), authority.end(), [](const ResourceRecord& record) {
    return record.type == RrType::Nsec || record.type == RrType::Nsec3;
  });
}

bool belongs_to(const Question& question, const Message& message) {
  const auto& asked = message.question();
  return message.is_response() && asked && asked->name == question.name && asked->type == question.type &&
         asked->dns_class == dnssec::class_in;
}

Answer judge_insecure(const Question& question, const Message& message, EpochSeconds now) {
  const auto answer = internet(message.answer());
  const auto authority = internet(message.authority());
  Lifetime lifetime(max_insecure_lifetime, now);
  lifetime.use_all(answer);
  lifetime.use_all(authority);
  if (answer.empty()) use_soa_minimum(lifetime, authority);
  // The aliases cannot have been taken out on the way: without them the name would be shown as signed, or as bogus.
  const Chain chain(question, answer);
  const bool aliased = chain.failure() || chain.end() != question.name;
  InsecureAnswer insecure{"not signed, or under no trust anchor", lifetime.end(), aliased};
  insecure.referral = referral_in(question, message);
  return insecure;
}

/// Rcode and status of a whole reply go together: where the rcode can only be that of an alias's target, so is the status, and the
/// alias itself may well be signed.
bool is_of_target(const Question& question, std::uint16_t rcode, const std::vector<ResourceRecord>& answer) {
  if (question.type != RrType::Cname || rcode != nxdomain) return false;
  return !Chain(question, answer).rdatas().empty();
}

Answer judge_secure(const Question& question, std::uint16_t rcode, const std::vector<ResourceRecord>& answer,
                    const std::vector<ResourceRecord>& authority, EpochSeconds now) {
  const Chain chain(question, answer);
  if (chain.failure()) return *chain.failure();
  if (!chain.rdatas().empty()) {
    if (contradicts_records(rcode, question.type))
      return failed(LookupFault::Contradiction, "records at a name that the rcode says does not exist");
    Lifetime lifetime(max_positive_lifetime, now);
    chain.use_links(lifetime);
    lifetime.use(answer, chain.end(), question.type);
    const EpochSeconds expires = lifetime.end();
    return SecureRrset{chain.end(), chain.rdatas(), static_cast<std::uint32_t>(expires - now), expires};
  }
  if (!proves_absence(authority))
    return failed(LookupFault::Malformed,
                  "neither the records nor a proof of their absence at " + chain.end().to_text());
  Lifetime lifetime(max_denial_lifetime, now);
  chain.use_links(lifetime);
  lifetime.use_all(authority);
  use_soa_minimum(lifetime, authority);
  return SecureDenial{chain.end(), rcode == noerror, lifetime.end()};
}

}  // namespace

std::optional<std::int64_t> denial_lifetime(const dnssec::ResourceRecord& record) {
  if (record.type != RrType::Soa) return std::nullopt;
  return std::min(record.ttl, soa_minimum(record).value_or(0));
}

SharedReferral referral_in(const Question& question, const Message& message) {
  if (!is_referral(question)) return nullptr;
  const auto answer = internet(message.answer());
  const Chain chain(question, answer);
  if (chain.failure()) return nullptr;
  return std::make_shared<const UnsignedReferral>(
      UnsignedReferral{chain.end(), chain.rdatas(), message.rcode() == noerror});
}

bool responds_to(const Question& question, Bytes message) {
  const auto parsed = Message::from_wire(message);
  return parsed.ok() && belongs_to(question, *parsed);
}

Answer judge_reply(const Question& question, ValidationStatus status, Bytes message, EpochSeconds now) {
  // Bogus first: an attacker chooses everything else in such a message.
  if (status == ValidationStatus::Bogus) return failed(LookupFault::Bogus, "DNSSEC validation failed");
  const auto parsed = Message::from_wire(message);
  if (!parsed) return failed(LookupFault::Malformed, "the reply cannot be read: " + parsed.problem().text);
  if (!belongs_to(question, *parsed))
    return failed(LookupFault::Malformed, "the reply does not belong to the question");
  if (parsed->truncated()) return failed(LookupFault::Malformed, "the reply was cut");
  if (parsed->rcode() == servfail) return failed(LookupFault::ServerFailure, "SERVFAIL");
  if (parsed->rcode() != noerror && parsed->rcode() != nxdomain)
    return failed(LookupFault::OtherRcode, "the reply's rcode is " + std::to_string(parsed->rcode()));
  const auto answer = internet(parsed->answer());
  const auto authority = internet(parsed->authority());
  switch (status) {
    case ValidationStatus::Secure:
      return judge_secure(question, parsed->rcode(), answer, authority, now);
    case ValidationStatus::Insecure:
      if (is_of_target(question, parsed->rcode(), answer))
        return failed(LookupFault::Indeterminate,
                      "only the status of the alias's target is known, not the alias's own");
      return judge_insecure(question, *parsed, now);
    case ValidationStatus::Indeterminate:
      return failed(LookupFault::Indeterminate, "what validation needs could not be had");
    case ValidationStatus::Bogus:
      break;
  }
  return failed(LookupFault::Bogus, "DNSSEC validation failed");
}

}  // namespace danelaw::dns
