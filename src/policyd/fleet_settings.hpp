// The settings of a fleet, and the secrets in the files that they name.
#pragma once

#include <optional>
#include <string>

#include "fleet_keys.hpp"
#include "redis_settings.hpp"

namespace danelaw::policyd {

struct FleetSettings {
  bool enabled = false;
  RedisSettings redis;
  std::string prefix = "danelaw:";  ///< of the names there
  std::string key_file;
  std::string password_file;      ///< empty: none
  std::optional<FleetKeys> keys;  ///< there once the secrets were read, where it is enabled
  friend bool operator==(const FleetSettings&, const FleetSettings&) = default;
};

/// Reads keys and password. Throws Failure: files that are not there, open to others, or not what they should be.
void read_secrets(FleetSettings& settings);

}  // namespace danelaw::policyd
