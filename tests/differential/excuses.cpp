#include "excuses.hpp"

#include <algorithm>
#include <vector>

#include "dnssec/names.hpp"
#include "other_opinion.hpp"
#include "served.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace differential {

namespace {

constexpr std::uint16_t most_iterations = 100;  // as docs/DIFFERENCES.md has it

/// From the root down to the one that answers.
std::vector<const Zone*> zones_above(const Case& one, const Question& asked) {
  std::vector<const Zone*> zones{&one.world.zone_of(asked)};
  while (!zones.back()->apex().is_root())
    zones.push_back(&one.world.zone_of({zones.back()->apex(), RrType::Ds}));
  std::ranges::reverse(zones);
  return zones;
}

/// What its parent says of it.
Records ds_of(const Case& one, const Zone& zone) {
  const Question asked{zone.apex(), RrType::Ds};
  Records records =
      zone.apex().is_root() ? Records{} : one.world.zone_of(asked).find(zone.apex(), RrType::Ds);
  std::erase_if(records, [](const auto& record) { return record.type != RrType::Ds; });
  return records;
}

std::uint8_t algorithm_in(const ResourceRecord& ds) { return ds.rdata[2]; }
std::uint8_t digest_in(const ResourceRecord& ds) { return ds.rdata[3]; }

/// Of what random_world makes.
bool is_supported(const ResourceRecord& ds) { return algorithm_in(ds) != 200 && digest_in(ds) != 200; }

bool names_the_key(const ResourceRecord& ds, const Zone& zone) {
  return ds.rdata == zone.ksk().ds(zone.apex(), digest_in(ds));
}

bool is_delegated_unsigned(const Case& one, const Zone& zone) {
  return !zone.apex().is_root() && std::ranges::none_of(ds_of(one, zone), is_supported);
}

constexpr std::uint8_t sha1 = 1;

/// RFC 4509 section 3.
bool hangs_by_a_weaker_digest(const Case& one, const Zone& zone) {
  bool fits_weaker = false;
  bool has_stronger = false;
  bool fits_stronger = false;
  for (const ResourceRecord& ds : ds_of(one, zone)) {
    if (!is_supported(ds)) continue;
    const bool fits = names_the_key(ds, zone);
    (digest_in(ds) == sha1 ? fits_weaker : fits_stronger) |= fits;
    has_stronger |= digest_in(ds) != sha1;
  }
  return fits_weaker && has_stronger && !fits_stronger;
}

/// What was made wrong in it.
bool is_broken(const Case& one, const Zone& zone) {
  if (is_delegated_unsigned(one, zone)) return false;
  const bool top = zone.apex().is_root();
  const Records ds = ds_of(one, zone);
  const bool named =
      top || std::ranges::any_of(ds, [&](const auto& record) { return names_the_key(record, zone); });
  return zone.chain() == Chain::Unsigned || !named || hangs_by_a_weaker_digest(one, zone) ||
         zone.signing().expiration < now || zone.signing().inception > now;
}

struct Nsec3s {
  bool any_opt_out = false;
  bool any_above_limit = false;
};

Nsec3s nsec3s_in(const Records& records) {
  Nsec3s found;
  for (const ResourceRecord& record : records) {
    if (record.type != RrType::Nsec3) continue;
    found.any_opt_out |= (record.rdata[1] & 1U) != 0;
    found.any_above_limit |= (record.rdata[2] << 8 | record.rdata[3]) > most_iterations;
  }
  return found;
}

/// The question, and what has to be known of the zones above.
std::vector<Question> links_of(const Case& one, const Question& asked) {
  std::vector<Question> links{asked};
  for (const Zone* zone : zones_above(one, asked))
    if (!zone->apex().is_root()) links.push_back({zone->apex(), RrType::Ds});
  return links;
}

bool takes_too_many_iterations(const Case& one, const Question& asked) {
  return std::ranges::any_of(links_of(one, asked), [&](const Question& link) {
    return nsec3s_in(one.world.reply(link)).any_above_limit;
  });
}

/// What is said of `asked` is signed by nobody, as its zones are made.
bool is_unsigned(const Case& one, const Question& asked) {
  const auto zones = zones_above(one, asked);
  return std::ranges::any_of(zones, [&](const Zone* zone) { return is_delegated_unsigned(one, *zone); }) ||
         nsec3s_in(one.world.reply(asked)).any_opt_out || takes_too_many_iterations(one, asked);
}

bool leads_into_a_broken_zone(const Case& one, const Question& asked) {
  return std::ranges::any_of(zones_above(one, asked),
                             [&](const Zone* zone) { return is_broken(one, *zone); });
}

/// An alias that is not signed, and behind it what is broken, or no end.
bool is_behind_an_unsigned_alias(const Case& one) {
  const auto hops = hops_of(one);
  bool after_unsigned = false;
  for (const Question& hop : hops) {
    if (after_unsigned && leads_into_a_broken_zone(one, hop)) return true;
    after_unsigned = after_unsigned || is_unsigned(one, hop);
  }
  return after_unsigned && hops.size() > most_aliases;
}

bool is_below_a_dname(const Case& one) {
  if (one.asked.type != RrType::Cname && one.asked.type != RrType::Dname) return false;
  const Records records = one.world.reply(one.asked);
  return std::ranges::any_of(records, [&](const auto& record) {
    return record.type == RrType::Dname && record.owner != one.asked.name;
  });
}

/// A wildcard's alias that is signed, and behind it an unsigned zone that has nothing there: the only NSEC or NSEC3 records of the
/// whole reply belong to the wildcard.
bool is_absent_unsigned_behind_a_wildcard(const Case& one) {
  const auto hops = hops_of(one);
  const Question& end = hops.back();
  const Records records = one.world.reply(end);
  const bool absent = std::ranges::none_of(
      records, [&](const auto& record) { return record.owner == end.name && record.type == end.type; });
  if (!absent || one.world.zone_of(end).chain() != Chain::Unsigned) return false;
  return std::ranges::any_of(hops.begin(), hops.end() - 1, [&](const Question& hop) {
    return std::ranges::any_of(one.world.reply(hop), [](const auto& record) {
      return record.type == RrType::Nsec || record.type == RrType::Nsec3;
    });
  });
}

bool some_zone_on_the_way(const Case& one, bool (*is_so)(const Case&, const Zone&)) {
  return std::ranges::any_of(hops_of(one), [&](const Question& hop) {
    return std::ranges::any_of(zones_above(one, hop), [&](const Zone* zone) { return is_so(one, *zone); });
  });
}

}  // namespace

bool can_be_made_insecure(const Case& one) {
  return some_zone_on_the_way(one, [](const Case&, const Zone& zone) {
    return (zone.chain() == Chain::Nsec3 || zone.chain() == Chain::OptOut) &&
           zone.iterations_made() > most_iterations;
  });
}

std::string known_difference(const Case& one, const Opinion& ours, const Opinion& theirs) {
  if (theirs.why == no_end) return "no-end";
  const bool they_fail = theirs.word == Word::Failed;
  if (ours.word == Word::Insecure &&
      std::ranges::any_of(hops_of(one), [&](const auto& hop) { return takes_too_many_iterations(one, hop); }))
    return "iterations";
  if (ours.word == Word::Failed && some_zone_on_the_way(one, hangs_by_a_weaker_digest))
    return "weaker-digest";
  if (they_fail && is_below_a_dname(one)) return "below-dname";
  if (ours.word == Word::Insecure && they_fail && is_behind_an_unsigned_alias(one))
    return "behind-unsigned-alias";
  if (ours.word == Word::Insecure && they_fail && is_absent_unsigned_behind_a_wildcard(one))
    return "absent-behind-wildcard";
  return "";
}

}  // namespace differential
