#include "service/referral.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/ip_address.hpp"
#include "dns/referral.hpp"

namespace danelaw::service {
namespace {

using Why = NoReferral::Why;

/// What both kinds of usable answers say.
struct Said {
  Standing standing = Standing::Insecure;
  DnsName owner;
  std::vector<Buffer> rdatas;
  bool name_exists = true;
  EpochSeconds expires = 0;
  std::string reason;
};

struct Reading {
  std::optional<Said> said;
  NoReferral failure;
};

Reading unknown(std::string code, std::string reason) {
  return {std::nullopt, NoReferral{Why::Unknown, std::move(code), std::move(reason)}};
}

struct Read {
  Reading operator()(const dns::FailedAnswer& failed) const {
    return unknown(std::string(tlsa::to_string(failed.fault)), failed.reason);
  }
  Reading operator()(const dns::SecureRrset& rrset) const {
    return {Said{Standing::Secure, rrset.owner, rrset.rdatas, true, rrset.expires, ""}, {}};
  }
  Reading operator()(const dns::SecureDenial& denial) const {
    return {Said{Standing::Secure, denial.owner, {}, denial.name_exists, denial.expires, ""}, {}};
  }
  Reading operator()(const dns::InsecureAnswer& insecure) const {
    if (!insecure.referral)
      return unknown("insecure", "nothing usable is known of the unsigned records: " + insecure.reason);
    const dns::UnsignedReferral& referral = *insecure.referral;
    return {Said{Standing::Insecure, referral.owner, referral.rdatas, referral.name_exists, insecure.expires,
                 insecure.reason},
            {}};
  }
};

NoReferral no_such_domain(const DnsName& owner) {
  return {Why::NoSuchDomain, "no-such-domain", "there is no domain " + owner.to_text()};
}

Referral referral_of(const Said& said) {
  Referral referral;
  referral.standing = said.standing;
  referral.expanded = said.owner;
  referral.expires = said.expires;
  referral.reason = said.reason;
  return referral;
}

/// RFC 5321 section 2.3.5: a name, and no address that was written into the field for names.
bool can_be_connected_to(const DnsName& name) {
  return name.is_host_name() && !is_address_literal(name.to_text());
}

void shuffle(std::vector<Candidate>& candidates, const Random& random) {
  for (std::size_t left = candidates.size(); left > 1; --left)
    std::swap(candidates[left - 1], candidates[random(static_cast<std::uint32_t>(left))]);
}

bool is_preferred(const Candidate& a, const Candidate& b) { return a.preference < b.preference; }

void keep_the_best(Referral& referral) {
  const std::size_t kept = std::min(referral.candidates.size(), max_candidates);
  referral.left_out += referral.candidates.size() - kept;
  referral.candidates.resize(kept);
}

/// One of the first `count` from `first`, each as likely as its weight says; those of weight 0 nearly never (RFC 2782).
std::size_t draw(const std::vector<Candidate>& candidates, std::size_t first, std::size_t count,
                 const Random& random) {
  std::uint32_t sum = 0;
  for (std::size_t i = first; i < first + count; ++i) sum += candidates[i].weight;
  const std::uint32_t drawn = random(sum + 1);
  std::uint32_t running = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    running += candidates[i].weight;
    if (running >= drawn) return i;
  }
  return first + count - 1;
}

void order_by_weight(std::vector<Candidate>& candidates, const Random& random) {
  const auto of_no_weight = [](const Candidate& a, const Candidate& b) {
    return a.preference != b.preference ? a.preference < b.preference : (a.weight == 0) > (b.weight == 0);
  };
  std::stable_sort(candidates.begin(), candidates.end(), of_no_weight);
  for (std::size_t first = 0; first < candidates.size(); ++first) {
    const std::uint16_t priority = candidates[first].preference;
    const auto end = std::find_if(candidates.begin() + static_cast<std::ptrdiff_t>(first), candidates.end(),
                                  [priority](const Candidate& c) { return c.preference != priority; });
    const auto count = static_cast<std::size_t>(end - candidates.begin()) - first;
    const std::size_t drawn = draw(candidates, first, count, random);
    const auto begin = candidates.begin() + static_cast<std::ptrdiff_t>(first);
    std::rotate(begin, candidates.begin() + static_cast<std::ptrdiff_t>(drawn),
                candidates.begin() + static_cast<std::ptrdiff_t>(drawn) + 1);
  }
}

/// RFC 5321 section 5.1: a domain without MX records is its own mail host, of preference 0.
Referral implicit_mx(const DnsName& domain, std::uint16_t port, const Said& said) {
  Referral referral = referral_of(said);
  referral.implicit = true;
  referral.candidates.push_back({domain.to_text(), port, 0, 0, can_be_connected_to(domain)});
  return referral;
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::Direct:
      return "direct";
    case Standing::Secure:
      return "secure";
    case Standing::Insecure:
      return "insecure";
  }
  return "unknown";
}

ReferralResult mx_referral(const DnsName& domain, std::uint16_t port, const dns::Answer& answer,
                           const Random& random) {
  const Reading reading = std::visit(Read{}, answer);
  if (!reading.said) return reading.failure;
  const Said& said = *reading.said;
  if (!said.name_exists) return no_such_domain(said.owner);
  if (said.rdatas.empty()) return implicit_mx(domain, port, said);

  Referral referral = referral_of(said);
  bool null_mx = false;
  for (const Buffer& rdata : said.rdatas) {
    const auto record = dns::mx_from_rdata(rdata);
    if (!record) {
      ++referral.left_out;
    } else if (record->exchange.is_root()) {
      null_mx = true;
    } else {
      referral.candidates.push_back(
          {record->exchange.to_text(), port, record->preference, 0, can_be_connected_to(record->exchange)});
    }
  }
  if (referral.candidates.empty() && null_mx)
    return NoReferral{Why::NoService, "null-mx", "the domain takes no mail (RFC 7505)"};
  if (referral.candidates.empty())
    return NoReferral{Why::Unknown, "malformed", "none of the MX records can be read"};
  shuffle(referral.candidates, random);
  std::stable_sort(referral.candidates.begin(), referral.candidates.end(), is_preferred);
  // A host that is named twice is tried once, when its turn first comes.
  std::set<std::string> met;
  std::erase_if(referral.candidates,
                [&met](const Candidate& candidate) { return !met.insert(candidate.host).second; });
  keep_the_best(referral);
  return referral;
}

ReferralResult srv_referral(const dns::Answer& answer, const Random& random) {
  const Reading reading = std::visit(Read{}, answer);
  if (!reading.said) return reading.failure;
  const Said& said = *reading.said;
  if (said.rdatas.empty())
    return NoReferral{Why::NoRecords, "no-srv", "the service is not announced by SRV records"};

  Referral referral = referral_of(said);
  bool not_offered = false;
  for (const Buffer& rdata : said.rdatas) {
    const auto record = dns::srv_from_rdata(rdata);
    if (!record || (record->port == 0 && !record->target.is_root())) {
      ++referral.left_out;
    } else if (record->target.is_root()) {
      not_offered = true;
    } else {
      referral.candidates.push_back({record->target.to_text(), record->port, record->priority, record->weight,
                                     can_be_connected_to(record->target)});
    }
  }
  if (referral.candidates.empty() && not_offered)
    return NoReferral{Why::NoService, "not-offered", "the domain does not offer the service (RFC 2782)"};
  if (referral.candidates.empty())
    return NoReferral{Why::Unknown, "malformed", "none of the SRV records can be read"};
  std::stable_sort(referral.candidates.begin(), referral.candidates.end(), is_preferred);
  keep_the_best(referral);
  order_by_weight(referral.candidates, random);
  return referral;
}

}  // namespace danelaw::service
