// The settings that a program with the plugin would have (danelaw.conf(5)): those of the main section, wherever that
// stands, then the lines of DANELAW_SETTINGS. Rules are for single connections and leave whom DNS is asked alone.
#pragma once

#include <string>

#include "environment.hpp"
#include "options.hpp"
#include "plugin_settings.hpp"

namespace danelaw::cli {

struct ConfiguredSettings {
  PluginSettings settings;  ///< those that the library knows; a later one counts
  std::string origin;       ///< for people: files and variables that said something; empty: the defaults
};

/// Throws a Failure where a file or a line cannot be read, which the plugin would refuse too.
[[nodiscard]] ConfiguredSettings configured_settings(const PluginOptions& options,
                                                     const Environment& environment);

}  // namespace danelaw::cli
