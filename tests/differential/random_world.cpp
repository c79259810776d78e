#include "random_world.hpp"

#include <array>
#include <map>

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace differential {

namespace {

const std::vector<std::string>& apexes() {
  // Children before their parents, which need their DS records.
  static const std::vector<std::string> all{"c.a.example", "a.example", "b.example", "example", "."};
  return all;
}

std::string parent_of(const std::string& apex) {
  const auto dot = apex.find('.');
  if (apex == ".") return "";
  return dot == std::string::npos ? "." : apex.substr(dot + 1);
}

std::string below(const std::string& labels, const std::string& apex) {
  return apex == "." ? labels : labels + "." + apex;
}

/// Keys are dear to make, and which of an algorithm signs does not matter.
const SigningKey& key_of(Algorithm algorithm, std::uint16_t flags) {
  static std::map<std::pair<Algorithm, std::uint16_t>, SigningKey> made;
  const auto found = made.find({algorithm, flags});
  if (found != made.end()) return found->second;
  return made.emplace(std::pair{algorithm, flags}, SigningKey::make(algorithm, flags)).first->second;
}

Buffer tlsa(Dice& dice) {
  Buffer rdata(35, static_cast<std::uint8_t>(dice.below(256)));
  rdata[0] = 3;
  rdata[1] = rdata[2] = 1;
  return rdata;
}

std::string some_target(Dice& dice) {
  static const std::vector<std::string> labels{"www", "no", "x.wild", "there.wild", "alias", "empty"};
  return below(dice.of(labels), dice.of(apexes()));
}

void furnish(Dice& dice, Zone& zone, const std::string& apex) {
  const auto maybe = [&](const std::string& labels, RrType type, const Buffer& rdata) {
    if (!dice.one_in(4)) zone.add(below(labels, apex), type, rdata);
  };
  const auto address = [&] { return Buffer{192, 0, 2, static_cast<std::uint8_t>(dice.below(256))}; };
  for (const char* labels : {"www", "many", "many", "*.wild", "there.wild", "deep.empty", "z.y.x"})
    maybe(labels, RrType::A, address());
  for (const char* labels : {"_443._tcp.www", "*.wild", "many"}) maybe(labels, RrType::Tlsa, tlsa(dice));
  maybe("www", RrType::Txt, {2, 'o', 'k'});
  if (dice.one_in(4)) zone.add(below("*", apex), RrType::Tlsa, tlsa(dice));
  maybe("alias", RrType::Cname, name_rdata(some_target(dice)));
  maybe("*.walias", RrType::Cname, name_rdata(some_target(dice)));
  maybe("moved", RrType::Dname, name_rdata(below("wild", dice.of(apexes()))));
}

std::vector<Buffer> some_ds(Dice& dice, const Zone& child) {
  const DnsName& apex = child.apex();
  const auto altered = [](Buffer ds) {
    ds.back() ^= 1;
    return ds;
  };
  const Buffer unknown_algorithm = SigningKey::seeded(7).claiming(200).ds(apex);
  const Buffer unknown_digest = child.ksk().ds(apex, 200);
  if (child.chain() == Chain::Unsigned && !dice.one_in(8)) return {};
  switch (dice.below(40)) {
    case 0:
      return {};
    case 1:
      return {altered(child.ds())};
    case 2:
      return {unknown_algorithm};
    case 3:
      return {unknown_digest};
    case 4:
      return {unknown_algorithm, child.ds()};
    case 5:
      return {unknown_digest, child.ds()};
    case 6:
      return {child.ds(1)};
    case 7:
      return {child.ds(4), child.ds(1)};
    case 8:
      return {child.ds(1), altered(child.ds())};
    default:
      return {child.ds()};
  }
}

/// Without Ed448, which not every libunbound knows.
void choose_keys(Dice& dice, Zone& zone) {
  constexpr std::array algorithms{Algorithm::RsaSha1,         Algorithm::RsaSha1Nsec3Sha1,
                                  Algorithm::RsaSha256,       Algorithm::RsaSha512,
                                  Algorithm::EcdsaP256Sha256, Algorithm::EcdsaP384Sha384};
  if (!dice.one_in(4)) return;  // Ed25519
  const Algorithm algorithm = algorithms[dice.below(algorithms.size())];
  zone.keys(key_of(algorithm, entry_point), key_of(algorithm, zone_key));
}

Zone some_zone(Dice& dice, const std::string& apex) {
  const bool top = apex == "." || apex == "example";
  const Chain chain =
      !top && dice.one_in(6) ? Chain::Unsigned : dice.of({Chain::Nsec, Chain::Nsec3, Chain::OptOut});
  Zone zone(apex, chain);
  choose_keys(dice, zone);
  zone.iterations(dice.of<std::uint16_t>({0, 0, 1, 10, 100}));
  if (dice.one_in(20)) zone.iterations(dice.of<std::uint16_t>({101, 150, 151, 500}));
  if (dice.one_in(30)) zone.times({.inception = now - 86400, .expiration = now - 43200});
  if (dice.one_in(30)) zone.times({.inception = now + 86400, .expiration = now + 2 * 86400});
  furnish(dice, zone, apex);
  return zone;
}

}  // namespace

Question random_question(Dice& dice) {
  static const std::vector<std::string> prefixes{"www",
                                                 "_443._tcp.www",
                                                 "_tcp.www",
                                                 "no",
                                                 "a.no",
                                                 "a.no.www",
                                                 "x.wild",
                                                 "y.x.wild",
                                                 "there.wild",
                                                 "wild",
                                                 "*.wild",
                                                 "x.there.wild",
                                                 "alias",
                                                 "x.walias",
                                                 "walias",
                                                 "there.moved",
                                                 "x.moved",
                                                 "moved",
                                                 "y.x.moved",
                                                 "empty",
                                                 "deep.empty",
                                                 "no.empty",
                                                 "x",
                                                 "y.x",
                                                 "q.y.x",
                                                 "_443._tcp.no",
                                                 "many",
                                                 "*",
                                                 "_443._tcp.x.wild",
                                                 "_443._tcp.alias",
                                                 "www.no.alias"};
  static const std::vector<std::string> likely{"www",   "_443._tcp.www", "many",       "x.wild",
                                               "alias", "x.walias",      "there.moved"};
  const std::string& apex = dice.of(apexes());
  const bool apex_itself = dice.one_in(10);
  const RrType type = dice.of({RrType::A, RrType::A, RrType::Tlsa, RrType::Tlsa, RrType::Tlsa, RrType::Txt,
                               RrType::Mx, RrType::Cname, RrType::Ds, RrType::Soa, RrType::Dname});
  if (apex_itself) return question(apex, apex == "." && type == RrType::Ds ? RrType::Soa : type);
  const std::string& prefix = dice.of(dice.one_in(2) ? likely : prefixes);
  return question(below(prefix, apex), dice.one_in(2) ? dice.of({RrType::A, RrType::Tlsa}) : type);
}

std::vector<Question> random_questions(std::uint64_t seed, std::size_t count) {
  constexpr std::uint64_t another_stream = 0x9E3779B97F4A7C15U;  // than the zones'
  Dice dice(seed ^ another_stream);
  std::vector<Question> questions;
  while (questions.size() < count) questions.push_back(random_question(dice));
  return questions;
}

World random_world(std::uint64_t seed) {
  Dice dice(seed);
  World made;
  std::map<std::string, std::vector<std::pair<std::string, std::vector<Buffer>>>> delegations;  // by parent
  for (const std::string& apex : apexes()) {
    Zone zone = some_zone(dice, apex);
    for (const auto& [child, ds] : delegations[apex]) zone.delegate(child, ds);
    const Zone& signed_zone = made.add(std::move(zone));
    if (apex != ".") delegations[parent_of(apex)].emplace_back(apex, some_ds(dice, signed_zone));
  }
  return made;
}

std::string description(const Case& one) {
  std::string text =
      one.asked.name.to_text() + " TYPE" + std::to_string(static_cast<unsigned>(one.asked.type));
  for (const std::string& apex : apexes()) {
    constexpr std::array words{"NSEC", "NSEC3", "opt-out", "unsigned"};
    const Zone& zone = one.world.zone(apex);
    text += "; " + apex + " " + words[static_cast<std::size_t>(zone.chain())];
    if (zone.chain() == Chain::Nsec3 || zone.chain() == Chain::OptOut)
      text += " " + std::to_string(zone.iterations_made());
    text += " alg " + std::to_string(zone.ksk().algorithm());
    if (zone.signing().expiration < now) text += " expired";
    if (zone.signing().inception > now) text += " not yet";
    const auto parent = parent_of(apex);
    if (parent.empty()) continue;
    text += " DS";
    for (const auto& record : one.world.zone(parent).find(zone.apex(), RrType::Ds)) {
      if (record.type != RrType::Ds) continue;
      text += " " + std::to_string(record.rdata[2]) + "/" + std::to_string(record.rdata[3]);
      if (record.rdata != zone.ksk().ds(zone.apex(), record.rdata[3])) text += "!";
    }
  }
  return text;
}

}  // namespace differential
