// From the trust anchor down to the deepest secure zone that contains a name, as far as the DS records in the bag lead
// (RFC 4035 section 5, R5155-8b). Where several anchors lie above a name the nearest counts (RFC 6840 appendix C.1).
#pragma once

#include <optional>
#include <variant>

#include "dnssec/judgement.hpp"
#include "dnssec/session.hpp"

namespace danelaw::dnssec {

struct Deepest {
  ZoneKeys* zone = nullptr;
  std::optional<Bogus> fault = {};  ///< DS records below it that do not verify, if any
};
/// Insecure holds cut, reason and expiry only.
using Descent = std::variant<Bogus, Deepest, Insecure, KeysMissing>;

/// For DS the zone lies strictly above the name: those records are the parent's.
[[nodiscard]] Descent descend(Session& session, const Question& question);

/// How many labels the apex of a zone that could answer has at most.
[[nodiscard]] std::size_t deepest_apex_labels(const Question& question);

}  // namespace danelaw::dnssec
