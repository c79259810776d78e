// What judgements have proven so far, kept within bounds: what has ended goes, and past the limits what ends first.
#pragma once

#include <cstddef>

#include "base/time.hpp"
#include "dnssec/known.hpp"

namespace danelaw::dns {

/// Zones and cuts of which something is remembered, each; those that end first are forgotten first.
inline constexpr std::size_t max_known_zones = 4096;
/// Signatures that are remembered to have verified; past it all of them are forgotten.
inline constexpr std::size_t max_known_signatures = 8192;

class KnownZones final {
 public:
  [[nodiscard]] const dnssec::Known& known() const { return m_known; }
  void learn(dnssec::Known more, EpochSeconds now);

 private:
  dnssec::Known m_known;
  EpochSeconds m_forgotten_at = 0;
};

}  // namespace danelaw::dns
