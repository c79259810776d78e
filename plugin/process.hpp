// What the plugin knows in one process: its settings, read once, and the resolver, made at the first handshake that
// needs it. Before that nothing is read, opened or started.
#pragma once

#include <openssl/conf.h>

#include <memory>
#include <optional>
#include <string>

#include "configuration.hpp"

namespace danelaw::plugin {

struct ResolverFree {
  void operator()(danelaw_resolver* resolver) const { danelaw_resolver_free(resolver); }
};
using Resolver = std::unique_ptr<danelaw_resolver, ResolverFree>;

class Process final {
 public:
  /// The one of this process. Lives until it ends: threads of the host may still shake hands while it exits.
  static Process& here();

  /// Keeps a section of openssl.cnf for configuration(); the first one counts.
  void keep_section(const CONF* conf, const std::string& name);

  /// Throws BadConfiguration each time, and says so on stderr the first time.
  const Configuration& configuration();
  /// Throws BadConfiguration where the trust anchors cannot be had.
  danelaw_resolver& resolver();

  /// Writes a line if the settings want it.
  void log(LogLevel level, const std::string& line) noexcept;
  /// The same, but once for the life of the process.
  void log_once(const std::string& line) noexcept;

 private:
  struct State;
  Process();
  State& m_state;
};

}  // namespace danelaw::plugin
