// What the plugin knows in one process: its settings, read once, when the first SSL_CTX is made, and the resolver, made at
// the first handshake that needs it. Before that nothing is started and nothing stays open.
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

  /// From now on a fork() while another thread is in here leaves the child able to shake hands. Once; false where there is
  /// no memory for it.
  [[nodiscard]] static bool survive_forks() noexcept;

  /// Keeps a section of openssl.cnf for configuration(); the first one counts.
  void keep_section(const CONF* conf, const std::string& name);

  /// Throws BadConfiguration each time, and says so on stderr the first time (to syslog where that is a connection).
  const Configuration& configuration();
  /// Whether SSL_CTXs must be able to ask for DNSSEC chains. Says nothing of settings that cannot be read: a handshake will.
  [[nodiscard]] bool offers_chains() noexcept;
  /// Throws BadConfiguration where the trust anchors cannot be had.
  danelaw_resolver& resolver();

  /// True where the settings want lines of this level.
  [[nodiscard]] bool logs(LogLevel level) noexcept;
  /// Writes a line if the settings want it.
  void log(LogLevel level, const std::string& line) noexcept;
  /// The same, but each line once for the life of the process, and no more than some.
  void log_once(const std::string& line) noexcept;

 private:
  struct State;
  Process();
  State& m_state;
};

}  // namespace danelaw::plugin
