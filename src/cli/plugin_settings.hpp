// What `danelaw run` and `danelaw doctor` tell the plugin: lines of DANELAW_SETTINGS (danelaw.conf(5)).
#pragma once

#include <string>
#include <vector>

#include "environment.hpp"
#include "handles.hpp"
#include "options.hpp"

namespace danelaw::cli {

inline constexpr const char* settings_variable = "DANELAW_SETTINGS";
inline constexpr const char* configuration_variable = "DANELAW_CONF";

struct PluginSetting {
  std::string key;
  std::string value;
};
using PluginSettings = std::vector<PluginSetting>;

/// The options' settings, each checked; paths made absolute, because the program may be elsewhere when it reads them.
/// Throws a Failure with Exit::Usage.
[[nodiscard]] PluginSettings plugin_settings(const PluginOptions& options);

/// Those of them that the library knows.
[[nodiscard]] Settings library_settings(const PluginSettings& settings);

/// Adds them to what the variables have already; the later line counts. Throws a Failure with Exit::Usage where
/// --config names no file that can be read.
void hand_over(const PluginSettings& settings, Environment& environment);
void hand_over_configuration(const PluginOptions& options, Environment& environment);

}  // namespace danelaw::cli
