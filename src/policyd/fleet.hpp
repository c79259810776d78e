// What the services of a fleet share: proofs of answers, in a Redis or Valkey that all of them reach.
//
// The library proves again whatever is read, and gives out and takes in no denials (danelaw/proof_store.h); entries are sealed with
// the fleet's key (fleet_entry.hpp). So a store that is lost, late or poisoned costs time only, and where it is away each service
// goes on alone. The resolver's thread never waits for it: what is to be fetched or kept is handed to the event loop.
#pragma once

#include <cstdint>
#include <memory>

#include "danelaw/proof_store.h"
#include "event_loop.hpp"
#include "fleet_settings.hpp"

namespace danelaw::policyd {

struct FleetCounts {
  bool is_up = false;
  std::uint64_t hits = 0, misses = 0;  ///< fetched entries whose seal is right, and those that are not there
  std::uint64_t away = 0;              ///< not asked, or no answer
  std::uint64_t malformed = 0, forged = 0, ended = 0, too_long = 0;  ///< entries that were not opened
  std::uint64_t unproven = 0;  ///< opened, and yet they prove nothing here
  std::uint64_t refused = 0;   ///< the store answered with an error
  std::uint64_t kept = 0;      ///< entries given to the store
};

class Fleet {
 public:
  Fleet() = default;
  virtual ~Fleet() = default;
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// For danelaw_settings_set_proof_store(). The fleet outlives the resolvers that have it.
  [[nodiscard]] virtual danelaw_proof_store store() = 0;
  [[nodiscard]] virtual FleetCounts counts() const = 0;
  [[nodiscard]] virtual const FleetSettings& settings() const = 0;
};

/// False in builds without hiredis: there a configuration that names a fleet is refused.
[[nodiscard]] bool fleet_is_built();

/// Null where it is not enabled. What was counted `before` is kept, and where nothing has changed it is the one before. Throws
/// Failure.
[[nodiscard]] std::shared_ptr<Fleet> fleet_for(EventLoop& loop, const FleetSettings& settings,
                                               const std::shared_ptr<Fleet>& before);

}  // namespace danelaw::policyd
