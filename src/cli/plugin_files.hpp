// Where the plugin's files are.
#pragma once

#include <optional>
#include <string>

#include "environment.hpp"

namespace danelaw::cli {

inline constexpr const char* folder_variable = "DANELAW_PLUGIN_DIR";

struct PluginFiles {
  std::string folder;
  std::string plugin;   ///< the module of openssl.cnf
  std::string preload;  ///< the object for LD_PRELOAD, which loads the plugin that lies beside it
  std::string run_cnf;  ///< the openssl.cnf that `danelaw run` gives to programs
};

/// In `folder` where one is given, else in DANELAW_PLUGIN_DIR's, else beside the tool in its build tree, else where
/// they are installed. Throws a Failure with Exit::CannotRun that names what is missing.
[[nodiscard]] PluginFiles find_plugin(const std::optional<std::string>& folder,
                                      const Environment& environment);

}  // namespace danelaw::cli
