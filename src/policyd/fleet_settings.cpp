#include "fleet_settings.hpp"

#include <fmt/format.h>

#include "failure.hpp"
#include "secret_file.hpp"

namespace danelaw::policyd {

void read_secrets(FleetSettings& settings) {
  if (!settings.enabled) return;
  if (settings.key_file.empty())
    throw Failure(Exit::Usage, "fleet_key: the file of the fleet's key is needed with fleet");
  settings.keys = FleetKeys::from_text(read_secret(settings.key_file));
  if (!settings.keys)
    throw Failure(Exit::Usage, fmt::format("{}: it is not {}", settings.key_file, FleetKeys::syntax));
  if (settings.password_file.empty()) {
    if (!settings.redis.user.empty())
      throw Failure(Exit::Usage, "fleet_user: the file of its password is needed, too: fleet_password");
    return;
  }
  settings.redis.password = read_secret(settings.password_file);
  if (settings.redis.password.empty())
    throw Failure(Exit::Usage, fmt::format("{}: it is empty", settings.password_file));
}

}  // namespace danelaw::policyd
