// Is the plugin active in a process? Tried in one of our own: this tool, started anew with an environment as a program
// would get it. Without network: what is seen is whether an SSL_CTX that knows nothing of us is attached, and whether a
// handshake finds the plugin's settings in order.
#pragma once

#include <string>

#include "environment.hpp"
#include "plugin_files.hpp"

namespace danelaw::cli {

/// The word that starts the tool as the process to look at. Not for people.
inline constexpr const char* probe_word = "probe-plugin";

/// In that process. Exit 0: active.
[[nodiscard]] int run_probe();

/// One line for people; empty where the plugin is active and its settings are in order.
[[nodiscard]] std::string probe(Environment environment);

/// The two doors, one at a time; the other is closed.
[[nodiscard]] std::string probe_preload(Environment environment);
[[nodiscard]] std::string probe_openssl_conf(Environment environment);

}  // namespace danelaw::cli
