// The environment in which programs load the plugin: LD_PRELOAD for those that are linked with libssl, OPENSSL_CONF for
// those that load it later (docs/decisions/0013-two-doors.md).
#pragma once

#include "environment.hpp"
#include "options.hpp"
#include "plugin_files.hpp"

namespace danelaw::cli {

/// Our own environment with the plugin and its settings in it. The user's openssl.cnf is still read. Where it loads the
/// plugin already, OPENSSL_CONF is left as it is.
///
/// Throws a Failure where an option is wrong, or where a program would not get the plugin.
[[nodiscard]] Environment environment_with_plugin(const PluginOptions& options);

}  // namespace danelaw::cli
