// The plugin's settings: a section of openssl.cnf, the file that DANELAW_CONF names, lines in DANELAW_SETTINGS.
//
// Read with OpenSSL's CONF parser. The main section takes every key of danelaw_settings, `log`, `log_level` and `rules`;
// `rules` names further sections, each for some programs and hosts: the first that fits a connection decides, unless one
// before it may be meant and is stricter. Anything unknown is BadConfiguration, and then no handshake begins: half a
// configuration would be a guess at the rest. So is what would not be looked at: a section that nothing names, a file that
// is none or says nothing. Other sections of openssl.cnf are not ours.
#pragma once

#include <openssl/conf.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "danelaw/danelaw.h"
#include "patterns.hpp"

namespace danelaw::plugin {

/// One line for people: what, where, what to do.
class BadConfiguration final : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Setting {
  std::string key;
  std::string value;
};

/// A section as it stands in a file.
struct Section {
  std::string name;
  std::vector<Setting> settings;
};

/// What was read, before anything is understood. The first section is the main one.
struct Text {
  std::string origin;  ///< for people: a file's name, say
  Section main;
  std::vector<Section> rules;
};

/// The section `name` of `conf` and the sections that its `rules` name. "default" is what stands before any section.
/// `origin` is for people.
[[nodiscard]] Text read_section(const CONF* conf, const std::string& name, const std::string& origin);
/// A file has settings, and no section but the main one and those of its rules.
[[nodiscard]] Text read_file(const std::string& path);
/// Lines of "key = value", and sections as in a file.
[[nodiscard]] Text read_lines(std::string_view lines, const std::string& origin);

struct SettingsFree {
  void operator()(danelaw_settings* settings) const { danelaw_settings_free(settings); }
};
using Settings = std::unique_ptr<danelaw_settings, SettingsFree>;

enum class LogTo { Nothing, Stderr, Syslog, File };
enum class LogLevel { Refusals, All };

struct LogSettings {
  LogTo to = LogTo::Nothing;
  LogLevel level = LogLevel::Refusals;
  std::string path;  ///< for File
};

/// What a connection gets: its settings, and what the rule knows of the peer.
struct Rule {
  std::vector<std::string> programs;  ///< file names; empty: all
  std::vector<HostPattern> hosts;     ///< empty: all, also those whose name is not known
  std::string host;                   ///< the peer, where the connection does not show a name; may be empty
  unsigned port = 0;                  ///< the service's port, whatever the socket's is; 0: the socket's
  Settings settings;

  [[nodiscard]] Fit fit(std::string_view program, const Peer& peer) const;
};

/// The rule of one connection, and what it is set up with: the rule's own settings or `stricter` ones.
struct Choice {
  const Rule& rule;
  Settings stricter = nullptr;

  [[nodiscard]] const danelaw_settings* settings() const {
    return stricter == nullptr ? rule.settings.get() : stricter.get();
  }
};

class Configuration final {
 public:
  /// `lines`, from the environment, go before what stands in the main section.
  static Configuration understand(const Text& text, const std::vector<Setting>& lines = {});

  /// For the resolver: the main section's, with `dnssec_chain = on` where any connection may have it so.
  [[nodiscard]] const danelaw_settings* settings() const { return m_resolver.get(); }
  [[nodiscard]] const LogSettings& log() const { return m_log; }
  /// True where some connection may ask its server for a DNSSEC chain.
  [[nodiscard]] bool offers_chains() const;
  /// The first rule that certainly fits this connection, or else the main section; but where the connection's host or port
  /// is not known, the first of those before it that may fit with the strictest mode, if that is stricter. What any of them
  /// says more strictly of verification counts, too. Whoever can hide a port can so not switch a rule off, and a rule that
  /// may not be meant weakens nothing.
  [[nodiscard]] Choice rule_for(std::string_view program, const Peer& peer) const;

 private:
  LogSettings m_log;
  std::vector<Rule> m_rules;
  Rule m_otherwise;
  Settings m_resolver;
};

}  // namespace danelaw::plugin
