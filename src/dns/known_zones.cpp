#include "dns/known_zones.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace danelaw::dns {
namespace {

/// Looking through everything after each judgement would cost more than it gives back.
constexpr EpochSeconds forgets_every = 10;

/// Makes room for a good while: a quarter goes.
template <class Map>
void shrink(Map& map) {
  if (map.size() <= max_known_zones) return;
  std::vector<EpochSeconds> ends;
  for (const auto& [name, entry] : map) ends.push_back(entry.expires);
  const auto quarter = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 4);
  std::nth_element(ends.begin(), quarter, ends.end());
  std::size_t surplus = ends.size() / 4 + 1;
  std::erase_if(map, [&](const auto& entry) {
    return entry.second.expires <= *quarter && surplus > 0 && surplus-- > 0;
  });
}

}  // namespace

void KnownZones::learn(dnssec::Known more, EpochSeconds now) {
  m_known.learn(std::move(more));
  const bool due = now >= m_forgotten_at + forgets_every || now < m_forgotten_at;
  if (due || m_known.verified.size() > max_known_signatures) {
    m_known.forget(now, max_known_signatures);
    m_forgotten_at = now;
  }
  shrink(m_known.zones);
  shrink(m_known.cuts);
}

}  // namespace danelaw::dns
