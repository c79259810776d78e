#include "world.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace lab {

using namespace danelaw::dnssec;

Zone& World::add(Zone zone) {
  zone.sign();
  m_zones.push_back(std::move(zone));
  return m_zones.back();
}

const Zone& World::zone(std::string_view apex) const {
  const auto found = std::ranges::find(m_zones, name(apex), &Zone::apex);
  if (found == m_zones.end()) throw std::runtime_error("no such zone");
  return *found;
}

const Zone& World::zone_of(const Question& question) const {
  const Zone* best = nullptr;
  for (const Zone& zone : m_zones) {
    const bool fits = question.name.is_within(zone.apex()) &&
                      (question.type != RrType::Ds || question.name != zone.apex() || zone.apex().is_root());
    if (fits && (best == nullptr || zone.apex().label_count() > best->apex().label_count())) best = &zone;
  }
  if (best == nullptr) throw std::runtime_error("no zone for that");
  return *best;
}

TrustAnchors World::anchors() const { return {{name("."), RrType::Ds, zone(".").ds()}}; }

Judgement World::judge(const Question& question, const Records& records, const JudgeOptions& options) const {
  return danelaw::dnssec::judge(question, records, anchors(), now, options);
}

Records World::collect(const Question& question) const {
  std::set<Question> asked{question};
  Records records = reply(question);
  for (int rounds = 0; rounds < 60; ++rounds) {
    const auto verdict = judge(question, records).verdict;
    const auto* const missing = std::get_if<Missing>(&verdict);
    if (missing == nullptr) return records;
    bool more = false;
    for (const auto* list : {&missing->needed, &missing->cuts}) {
      for (const Question& next : *list) {
        if (!asked.insert(next).second) continue;
        append(records, reply(next));
        more = true;
      }
      if (more) break;
    }
    if (!more) return records;
  }
  throw std::runtime_error("it asks for more and more");
}

std::string summary(const Verdict& verdict) {
  if (const auto* const secure = std::get_if<SecureRrset>(&verdict))
    return "secure " + secure->owner.to_text();
  if (const auto* const denial = std::get_if<SecureDenial>(&verdict))
    return "denied " + std::string(to_string(denial->kind)) + " " + denial->owner.to_text();
  if (const auto* const insecure = std::get_if<Insecure>(&verdict))
    return "insecure " + std::string(to_string(insecure->reason)) + " " + insecure->cut.to_text();
  if (const auto* const bogus = std::get_if<Bogus>(&verdict))
    return "bogus " + std::string(to_string(bogus->reason));
  return "missing";
}

Question question(std::string_view owner, RrType type) { return {name(owner), type}; }

namespace {

Buffer address(std::uint8_t last) { return Buffer{192, 0, 2, last}; }
Buffer tlsa(std::uint8_t fill) {
  Buffer rdata(35, fill);
  rdata[0] = 3;
  rdata[1] = 1;
  rdata[2] = 1;
  return rdata;
}

/// Every kind of name, under a zone of either chain.
Zone furnished(const std::string& apex, Chain chain) {
  const auto at = [&](std::string_view labels) { return std::string(labels) + "." + apex; };
  Zone zone(apex, chain);
  zone.add(apex, RrType::A, address(1)).add(at("www"), RrType::A, address(2));
  zone.add(at("_443._tcp.www"), RrType::Tlsa, tlsa(0x11));
  zone.add(at("many"), RrType::A, address(3))
      .add(at("many"), RrType::A, address(4))
      .add(at("many"), RrType::A, address(5));
  zone.add(at("*.wild"), RrType::A, address(6)).add(at("*.wild"), RrType::Tlsa, tlsa(0x22));
  zone.add(at("there.wild"), RrType::A, address(7));
  zone.add(at("alias"), RrType::Cname, name_rdata(at("www")));
  zone.add(at("*.walias"), RrType::Cname, name_rdata(at("www")));
  zone.add(at("moved"), RrType::Dname, name_rdata(at("wild")));
  zone.add(at("out"), RrType::Cname, name_rdata("www.unsigned.example"));
  zone.add(at("away"), RrType::Cname, name_rdata("www.n3.example"));
  zone.add(at("deep.empty"), RrType::A, address(8));
  zone.delegate(at("insecure"));
  zone.delegate(at("strange"), {SigningKey::seeded(99).claiming(200).ds(name(at("strange")))});
  zone.delegate(at("odd"), {SigningKey::seeded(98).ds(name(at("odd")), 200)});
  return zone;
}

Zone child(const std::string& apex, Chain chain) {
  Zone zone(apex, chain);
  zone.add("www." + apex, RrType::A, address(9)).add("_443._tcp.www." + apex, RrType::Tlsa, tlsa(0x33));
  return zone;
}

Zone unsigned_zone(const std::string& apex) {
  Zone zone(apex, Chain::Unsigned);
  zone.add("www." + apex, RrType::A, address(10)).add("_443._tcp.www." + apex, RrType::Tlsa, tlsa(0x44));
  return zone;
}

World made() {
  World world;
  Zone root(".", Chain::Nsec);
  Zone tld("example", Chain::Nsec);
  for (const auto& [apex, chain] :
       {std::pair{"n1.example", Chain::Nsec}, std::pair{"n3.example", Chain::Nsec3},
        std::pair{"oo.example", Chain::OptOut}}) {
    const std::string below = std::string("child.") + apex;
    Zone zone = furnished(apex, chain);
    zone.delegate(below, {world.add(child(below, Chain::Nsec)).ds()});
    for (const char* unsigned_child : {"insecure.", "strange.", "odd."})
      world.add(unsigned_zone(unsigned_child + std::string(apex)));
    tld.delegate(apex, {world.add(std::move(zone)).ds()});
  }
  tld.delegate("unsigned.example");
  world.add(unsigned_zone("unsigned.example"));
  root.delegate("example", {world.add(std::move(tld)).ds()});
  world.add(std::move(root));
  return world;
}

}  // namespace

const World& common_world() {
  static const World world = made();
  return world;
}

}  // namespace lab
