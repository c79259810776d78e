#include "served.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "dnssec/names.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace differential {

namespace {

constexpr std::uint16_t nxdomain = 3;

RrType type_of(const ResourceRecord& record) {
  if (record.type != RrType::Rrsig) return record.type;
  return static_cast<RrType>(record.rdata[0] << 8 | record.rdata[1]);
}

std::optional<DnsName> alias_in(const Records& records, const Question& asked) {
  if (asked.type == RrType::Cname) return std::nullopt;
  const auto alias = std::ranges::find_if(records, [&](const auto& record) {
    return record.type == RrType::Cname && record.owner == asked.name;
  });
  if (alias == records.end()) return std::nullopt;
  ByteReader reader(alias->rdata);
  return DnsName::from_wire(reader).value();
}

bool belongs_to_authority(const ResourceRecord& record, const Question& asked) {
  const RrType type = type_of(record);
  if (type == RrType::Nsec || type == RrType::Nsec3) return true;
  return type == RrType::Soa && !(asked.type == RrType::Soa && record.owner == asked.name);
}

std::size_t octets_in(const Records& records) {
  constexpr std::size_t fixed = 10;
  std::size_t octets = 0;
  for (const auto& record : records) octets += record.owner.wire().size() + fixed + record.rdata.size();
  return octets;
}

bool is_there(const Zone& zone, const DnsName& owner) {
  if (zone.exists(owner)) return true;
  const auto wildcard = wildcard_of(zone.closest_encloser(owner));
  return wildcard && zone.exists(*wildcard);
}

using Section = Records Served::*;

void change_some_record(Dice& dice, Served& served, const std::function<void(ResourceRecord&)>& change) {
  Records& section = served.*dice.of<Section>({&Served::answer, &Served::authority});
  if (!section.empty()) change(section[dice.below(section.size())]);
}

void leave_out(Dice& dice, Served& served, const std::function<bool(const ResourceRecord&)>& matches) {
  const bool all = dice.one_in(2);
  for (const Section section : {&Served::answer, &Served::authority})
    std::erase_if(served.*section,
                  [&](const auto& record) { return matches(record) && (all || dice.one_in(3)); });
}

void tamper_once(Dice& dice, const Case& one, const Question& asked, Served& served) {
  const Served other = honest_reply(one, random_question(dice));
  switch (dice.below(13)) {
    case 0:
      leave_out(dice, served, [](const auto&) { return true; });
      break;
    case 1:
      leave_out(dice, served, [](const auto& record) { return record.type == RrType::Rrsig; });
      break;
    case 2:
      leave_out(dice, served, [](const auto& record) {
        return type_of(record) == RrType::Nsec || type_of(record) == RrType::Nsec3;
      });
      break;
    case 3:
      change_some_record(dice, served, [&](ResourceRecord& record) {
        if (!record.rdata.empty())
          record.rdata[dice.below(record.rdata.size())] ^= static_cast<std::uint8_t>(1U << dice.below(8));
      });
      break;
    case 4:
      change_some_record(dice, served, [&](ResourceRecord& record) { record.owner = asked.name; });
      break;
    case 5:
      change_some_record(dice, served, [&](ResourceRecord& record) {
        record.ttl = dice.of<std::uint32_t>({0, 1, 0x7FFFFFFF, 0xFFFFFFFF});
      });
      break;
    case 6:  // denied by what belongs to another question
      served.answer.clear();
      served.authority = other.authority;
      served.rcode = dice.of<std::uint16_t>({0, nxdomain});
      break;
    case 7:  // and beside what belongs here
      append(served.authority, other.authority);
      break;
    case 8:
      append(served.answer, other.answer);
      break;
    case 9:  // answered by what belongs to another name
      served = other;
      for (auto& record : served.answer) record.owner = asked.name;
      break;
    case 10:
      served.answer.clear();
      break;
    case 11:
      served.answer.push_back(
          record(asked.name, dice.of({asked.type, RrType::Cname}),
                 asked.type == RrType::Cname ? name_rdata("www.b.example") : Buffer{1, 'x', 0}));
      break;
    default:  // the parent speaks for its child
      for (DnsName above = asked.name; !above.is_root(); above = above.parent()) {
        if (!dice.one_in(2)) continue;
        served.answer.clear();
        served.authority = one.world.zone_of({above, RrType::Ds}).reply({above, RrType::Ds});
        append(served.authority, one.world.zone_of({above, RrType::Ds}).encloser_proof(asked.name));
        served.rcode = dice.of<std::uint16_t>({0, nxdomain});
        break;
      }
      break;
  }
}

std::uint64_t mixed(std::uint64_t seed, const Question& asked) {
  const Bytes wire = asked.name.wire();
  const std::string key(wire.begin(), wire.end());
  return seed * 0x9E3779B97F4A7C15U ^ std::hash<std::string>{}(key) ^
         static_cast<std::uint64_t>(asked.type) << 40U;
}

using Offsets = std::map<DnsName, std::size_t>;

/// With owners that stood there before as pointers to those, so that replies fit into a datagram.
void put_records(Buffer& out, const Records& records, Offsets& seen) {
  constexpr std::size_t pointer = 0xC000;
  for (const auto& one : records) {
    const auto [at, first_time] = seen.emplace(one.owner, out.size());
    if (first_time || at->second >= pointer >> 2)
      put(out, one.owner.wire());
    else
      put_u16(out, pointer | at->second);
    put_u16(out, static_cast<std::size_t>(one.type));
    put_u16(out, one.dns_class);
    put_u32(out, one.ttl);
    put_u16(out, one.rdata.size());
    put(out, one.rdata);
  }
}

}  // namespace

std::vector<Question> hops_of(const Case& one) {
  std::vector<Question> hops{one.asked};
  while (hops.size() <= most_aliases) {
    const Question& asked = hops.back();
    const Records records = one.world.reply(asked);
    // A DNAME redirects every type, a CNAME every one but its own.
    const bool is_moved =
        std::ranges::any_of(records, [](const auto& record) { return record.type == RrType::Dname; });
    const auto next =
        alias_in(records, {asked.name, asked.type == RrType::Cname && is_moved ? RrType::A : asked.type});
    if (!next) break;
    hops.push_back({*next, asked.type});
  }
  return hops;
}

Served honest_reply(const Case& one, Question asked) {
  Served served;
  for (std::size_t hops = 0; hops <= most_aliases; ++hops) {
    const Zone& zone = one.world.zone_of(asked);
    const Records records = zone.reply(asked);
    for (const ResourceRecord& record : records) {
      Records& section = belongs_to_authority(record, asked) ? served.authority : served.answer;
      if (std::ranges::find(section, record) == section.end()) section.push_back(record);
    }
    const auto next = alias_in(records, asked);
    // What is longer would not fit into a datagram; who wants the rest asks for it.
    constexpr std::size_t long_enough = 600;
    if (next && octets_in(served.answer) + octets_in(served.authority) > long_enough) break;
    if (!next) {
      const bool answered = std::ranges::any_of(records, [&](const auto& record) {
        return record.owner == asked.name && record.type == asked.type;
      });
      if (!answered && !is_there(zone, asked.name)) served.rcode = nxdomain;
      break;
    }
    asked.name = *next;
  }
  return served;
}

Served tampered_reply(const Case& one, const Question& asked, std::uint64_t seed) {
  Dice dice(mixed(seed, asked));
  Served served = honest_reply(one, asked);
  // Mostly about the name itself; its chain of trust is touched now and then.
  const bool is_chain =
      asked.type == RrType::Dnskey || (asked.type == RrType::Ds && asked.name != one.asked.name);
  if (is_chain && !dice.one_in(6)) return served;
  do tamper_once(dice, one, asked, served);
  while (dice.one_in(3));
  return served;
}

Buffer reply_to(const Buffer& query, const Served& served) {
  constexpr std::size_t header = 12;
  constexpr unsigned response = 0x8180;  // QR, RD, RA
  ByteReader reader(Bytes(query).subspan(header));
  const std::size_t before = reader.remaining();
  const auto name = DnsName::from_wire(reader);
  const std::size_t question = before - reader.remaining() + 4;
  Buffer out{query[0], query[1]};
  put_u16(out, response | served.rcode);
  for (const std::size_t count :
       {std::size_t{1}, served.answer.size(), served.authority.size(), std::size_t{1}})
    put_u16(out, count);
  put(out, Bytes(query).subspan(header, name ? question : 0));
  Offsets seen;
  put_records(out, served.answer, seen);
  put_records(out, served.authority, seen);
  put(out, Buffer{0, 0, 41, 0x10, 0, 0, 0, 0x80, 0, 0, 0});  // OPT with DO
  return out;
}

}  // namespace differential
