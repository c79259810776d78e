// The configuration file: danelaw.conf(5)'s settings in its main section, the service's own in the section [policyd].
//
// A name that is not known, or a value that a setting does not take, is a Failure of one line: what half a file means is
// a guess.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "daily_report.hpp"
#include "desk.hpp"
#include "endpoint.hpp"
#include "fleet_settings.hpp"
#include "sts.hpp"

namespace danelaw::policyd {

struct Configuration {
  std::vector<std::pair<std::string, std::string>> library;  ///< for danelaw_settings_set(), checked
  std::vector<Endpoint> listen{{default_socket, "", 0}};
  mode_t socket_mode = 0666;
  std::size_t clients = 500;
  std::chrono::seconds idle{300};
  DeskLimits desk;
  StsSettings sts;
  std::vector<Endpoint> metrics;
  ReportSettings report;
  FleetSettings fleet;  ///< with its secrets

  static constexpr const char* default_socket = "/run/danelaw-policyd/socket";
};

inline constexpr const char* default_configuration_file = "/etc/danelaw/policyd.conf";

/// Throw Failure with Exit::Usage. `more` are lines "key=value" or "policyd.key=value" that go before those of the file. An empty path: no file.
[[nodiscard]] Configuration configuration_from_file(const std::string& path,
                                                    const std::vector<std::string>& more);
[[nodiscard]] Configuration configuration_from_text(const std::string& text, const std::string& origin);

}  // namespace danelaw::policyd
