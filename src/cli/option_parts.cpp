#include "option_parts.hpp"

#include <fmt/format.h>

namespace danelaw::cli {

CLI::Option* add_each(CLI::App& command, const char* name, std::vector<std::string>& values, const char* kind,
                      const std::string& help) {
  return add(command, name, values, kind, help)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_json(CLI::App& command, bool& json) {
  return command.add_flag("--json", json, "End standard output with one JSON object");
}

void add_trace(CLI::App& command, bool& trace, bool& dot, CLI::Option& json) {
  command.add_flag("--trace", trace, "Show the chain of trust, step by step");
  command.add_flag("--dot", dot, "Print nothing but the chain of trust, as a picture for Graphviz")
      ->excludes(&json);
}

void add_name_checks(CLI::App& command, bool& skip) {
  command.add_flag("--dane-ee-no-namecheck", skip, "Usage 3: compare no names (RFC 7671 section 5.1)");
}

std::vector<CLI::Option*> add_dns(CLI::App& command, DnsOptions& dns, const char* limited) {
  add(command, "--timeout", dns.timeout, "MS", fmt::format("Milliseconds for {} (5000)", limited));
  return {add(command, "--trust-anchors", dns.trust_anchors, "FILE",
              "DS or DNSKEY records to trust, not the root's"),
          add(command, "--trust-anchor-state", dns.trust_anchor_state, "FILE",
              "Let them follow their zone's keys (RFC 5011), and write there how"),
          add(command, "--engine", dns.engine, "ENGINE", engine_help),
          add(command, "--root-servers", dns.root_servers, "IP[,IP...]", root_servers_help),
          add_each(command, "--resolver", dns.resolvers, "RESOLVER", resolver_help),
          add(command, "--resolver-ca-file", dns.resolver_ca_file, "PEM", resolver_ca_file_help)};
}

CLI::Option* add_cache(CLI::App& command, std::optional<std::string>& cache) {
  return add(command, "--cache", cache, "DIRECTORY", "Keep answers there with their proofs");
}

}  // namespace danelaw::cli
