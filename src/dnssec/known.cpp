#include "dnssec/known.hpp"

#include <utility>

namespace danelaw::dnssec {

void Known::learn(Known more) {
  for (auto& [name, keys] : more.zones) zones.insert_or_assign(name, std::move(keys));
  for (auto& [name, cut] : more.cuts) cuts.insert_or_assign(name, std::move(cut));
  verified.merge(more.verified);
}

void Known::forget(EpochSeconds now, std::size_t max_verified) {
  std::erase_if(zones, [&](const auto& entry) { return entry.second.expires <= now; });
  std::erase_if(cuts, [&](const auto& entry) { return entry.second.expires <= now; });
  if (verified.size() > max_verified) verified.clear();
}

}  // namespace danelaw::dnssec
