#include "dnssec/descent.hpp"

#include <algorithm>

#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

/// The nearest anchor whose zone could answer.
std::optional<DnsName> nearest_anchor(const TrustAnchors& anchors, const Question& question) {
  const std::size_t most = deepest_apex_labels(question);
  std::optional<DnsName> nearest;
  for (const TrustAnchor& anchor : anchors) {
    const std::size_t labels = anchor.owner.label_count();
    if (labels > most || !question.name.is_within(anchor.owner)) continue;
    if (!nearest || labels > nearest->label_count()) nearest = anchor.owner;
  }
  return nearest;
}

/// The deepest zone at or below the anchor's whose keys are known already, else the anchor's.
Entrance entrance_for(Session& session, const DnsName& anchored, const Question& question) {
  const std::size_t least = anchored.label_count();
  for (std::size_t labels = deepest_apex_labels(question); labels > least; --labels) {
    if (ZoneKeys* const zone = session.zones.find(question.name.ancestor(labels))) return zone;
  }
  return session.zones.enter_anchored(anchored);
}

const Insecure* known_cut(const Session& session, const DnsName& name) {
  if (session.known == nullptr) return nullptr;
  const auto found = session.known->cuts.find(name);
  if (found == session.known->cuts.end() || found->second.expires <= session.now()) return nullptr;
  return &found->second;
}

/// Nothing where the bag has no DS of this name, so that nothing is known about a cut here.
std::optional<Entrance> entrance_below(Session& session, Deepest& deepest, const DnsName& name) {
  const auto rrsets = session.bag.find(name, RrType::Ds);
  if (rrsets.empty()) return std::nullopt;
  const SignatureVerdict& verdict = session.signatures.check(rrsets.front(), *deepest.zone);
  const auto* const valid = std::get_if<Signed>(&verdict);
  if (valid != nullptr && valid->covers_itself(name))
    return session.zones.enter_child(name, rrsets.front(), *valid, *deepest.zone);
  const BogusReason reason =
      valid != nullptr ? BogusReason::SignatureMalformed : std::get<BogusReason>(verdict);
  deepest.fault = Bogus{reason, shown(name, RrType::Ds) + ": " + std::string(to_string(reason))};
  return std::nullopt;
}

}  // namespace

std::size_t deepest_apex_labels(const Question& question) {
  const std::size_t labels = question.name.label_count();
  return question.type == RrType::Ds && labels > 0 ? labels - 1 : labels;
}

Descent descend(Session& session, const Question& question) {
  const auto anchored = nearest_anchor(session.anchors, question);
  if (!anchored) return Insecure{InsecureReason::NoAnchorAbove, question.name, {}, {}, Insecure::never};
  Entrance entrance = entrance_for(session, *anchored, question);
  Deepest deepest;
  const std::size_t most = deepest_apex_labels(question);
  for (std::size_t labels = 0;;) {
    if (auto* const bogus = std::get_if<Bogus>(&entrance)) return std::move(*bogus);
    if (auto* const insecure = std::get_if<Insecure>(&entrance)) return std::move(*insecure);
    if (auto* const missing = std::get_if<KeysMissing>(&entrance)) return std::move(*missing);
    deepest.zone = std::get<ZoneKeys*>(entrance);
    deepest.fault.reset();
    std::optional<Entrance> next;
    for (labels = deepest.zone->zone.label_count() + 1; !next && labels <= most; ++labels) {
      const DnsName name = question.name.ancestor(labels);
      next = entrance_below(session, deepest, name);
      if (next) continue;
      if (const Insecure* const cut = known_cut(session, name)) return *cut;
    }
    if (!next) return deepest;
    entrance = std::move(*next);
  }
}

}  // namespace danelaw::dnssec
