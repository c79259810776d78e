// What may stand on the command line. Syntax only: what a value means is judged where it is used.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace danelaw::cli {

/// For every command that asks DNS.
struct DnsOptions {
  std::vector<std::string> resolvers;
  std::optional<std::string> trust_anchors;
  std::optional<std::string> trust_anchor_state;
  std::optional<std::string> engine;
  std::optional<std::string> root_servers;
  std::optional<std::string> resolver_ca_file;
  std::optional<std::string> timeout;
  std::optional<std::string> cache;
};

struct CheckOptions {
  std::string service;
  std::optional<std::string> starttls;
  std::optional<std::string> mode;
  std::optional<std::string> profile;
  std::optional<std::string> ca_file;
  std::optional<std::string> tls_max;
  std::optional<std::string> address;
  std::optional<std::string> records_file;
  bool skip_dane_ee_names = false;
  bool dnssec_chain = false;
  bool all = false;
  bool ipv4_only = false;
  bool ipv6_only = false;
  bool json = false;
  DnsOptions dns;
};

struct LookupOptions {
  std::string name;
  std::string type;
  std::optional<std::string> save_proof;
  bool climb = false;
  bool trace = false;
  bool dot = false;
  bool json = false;
  DnsOptions dns;
};

struct ProofOptions {
  std::string service;
  std::optional<std::string> output;
  std::optional<std::string> lifetime;
  bool extension_data = false;
  bool json = false;
  DnsOptions dns;
};

struct SmtpOptions {
  std::vector<std::string> domains;
  std::optional<std::string> file;
  std::optional<std::string> mode;
  std::optional<std::string> insecure_mx;
  std::optional<std::string> jobs;
  bool connect = false;
  bool json = false;
  DnsOptions dns;
};

struct TlsaOptions {
  std::vector<std::string> files;
  std::optional<std::string> from;
  std::optional<std::string> starttls;
  std::vector<std::string> services;
  std::vector<std::string> mail_hosts;
  std::optional<std::string> port;
  std::vector<std::string> records;  ///< three words each
  std::optional<std::string> format;
  std::optional<std::string> ttl;
  std::optional<std::string> server;
  std::optional<std::string> zone;
  bool replace = false;
  bool rollover = false;
  std::optional<std::string> current;
  std::optional<std::string> next;
  std::vector<std::string> current_records;  ///< three words each
  std::optional<std::string> published;
  std::optional<std::string> step;
  std::optional<std::string> propagation;
  std::optional<std::string> signature_lifetime;
  std::optional<std::string> time;
  bool lookup = false;
  bool check = false;
  bool json = false;
  DnsOptions dns;
};

struct ValidateProofOptions {
  std::string proof_file;
  std::string trust_anchors;
  std::string name;
  std::string type;
  std::optional<std::string> time;
  bool extension_data = false;
  bool trace = false;
  bool dot = false;
  bool json = false;
};

struct VerifyChainOptions {
  std::string chain_file;
  std::optional<std::string> ca_file;
  std::string tlsa_file;
  std::vector<std::string> names;
  std::optional<std::string> verify_depth;
  std::optional<std::string> time;
  bool skip_dane_ee_names = false;
  bool json = false;
};

struct WatchOptions {
  std::string list;
  std::optional<std::string> interval;
  std::optional<std::string> jobs;
  std::optional<std::string> warn_certificates;
  std::optional<std::string> warn_signatures;
  std::optional<std::string> state;
  std::optional<std::string> prometheus;
  bool once = false;
  bool nagios = false;
  bool json = false;
  DnsOptions dns;
};

/// What programs get that are run with the plugin.
struct PluginOptions {
  std::vector<std::string> resolvers;
  std::optional<std::string> mode;
  std::optional<std::string> profile;
  std::optional<std::string> engine;
  std::optional<std::string> trust_anchors;
  std::optional<std::string> trust_anchor_state;
  std::optional<std::string> root_servers;
  std::optional<std::string> resolver_ca_file;
  std::optional<std::string> timeout;
  std::optional<std::string> cache;
  std::optional<std::string> log;
  std::optional<std::string> log_level;
  std::optional<std::string> verify_none;
  std::optional<std::string> config;
  std::vector<std::string> set;  ///< KEY=VALUE
  std::optional<std::string> plugin_folder;
};

struct RunOptions {
  PluginOptions plugin;
  std::vector<std::string> command;  ///< at least one word
};

struct DoctorOptions {
  PluginOptions plugin;
  bool as_is = false;
  bool offline = false;
  bool json = false;
  std::vector<std::string> command;  ///< empty: no program is tried
};

/// --help or --version: print it and end well.
struct ShowText {
  std::string text;
};

using Command =
    std::variant<ShowText, CheckOptions, DoctorOptions, LookupOptions, ProofOptions, RunOptions, SmtpOptions,
                 TlsaOptions, ValidateProofOptions, VerifyChainOptions, WatchOptions>;

/// Throws a Failure with Exit::Usage.
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace danelaw::cli
