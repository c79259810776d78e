#include "dns/guess.hpp"

#include <algorithm>
#include <optional>

namespace danelaw::dns {
namespace {

std::optional<std::size_t> nearest_anchor(const DnsName& zone, const dnssec::TrustAnchors& anchors) {
  std::optional<std::size_t> nearest;
  for (const dnssec::TrustAnchor& anchor : anchors)
    if (zone.is_within(anchor.owner)) nearest = std::max(nearest.value_or(0), anchor.owner.label_count());
  return nearest;
}

bool is_known_zone(const DnsName& name, const Ground& ground) {
  const auto zone = ground.known.zones.find(name);
  return zone != ground.known.zones.end() && zone->second.expires > ground.now;
}

bool is_known_cut(const DnsName& name, const Ground& ground) {
  const auto cut = ground.known.cuts.find(name);
  return cut != ground.known.cuts.end() && cut->second.expires > ground.now;
}

bool is_underscored(const DnsName& name) { return !name.is_root() && name.wire()[1] == '_'; }

}  // namespace

std::vector<Question> chain_to(const DnsName& zone, const Ground& ground) {
  const auto anchored = nearest_anchor(zone, ground.anchors);
  if (!anchored) return {};
  std::vector<Question> chain;
  std::size_t zones = 0;
  for (std::size_t labels = *anchored; labels <= zone.label_count() && zones < max_guessed_zones; ++labels) {
    const DnsName name = zone.ancestor(labels);
    if (is_known_cut(name, ground)) break;
    if (is_known_zone(name, ground)) {
      chain.clear();  // what is above it is not needed any more
      zones = 0;
      continue;
    }
    if (labels > *anchored) chain.push_back({name, RrType::Ds});
    chain.push_back({name, RrType::Dnskey});
    ++zones;
  }
  return chain;
}

std::vector<Question> guessed_chain(const Question& question, const Ground& ground) {
  constexpr std::size_t labels_with_host = 3;
  DnsName zone = question.name;
  bool is_host = question.type != RrType::Ds && question.type != RrType::Dnskey;
  if (question.type == RrType::Ds) zone = zone.parent();
  for (DnsName name = zone; !name.is_root(); name = name.parent())
    if (is_underscored(name)) zone = name.parent();
  if (is_host && zone.label_count() >= labels_with_host) zone = zone.parent();
  return chain_to(zone, ground);
}

}  // namespace danelaw::dns
