#include "command_options.hpp"

#include "option_parts.hpp"
#include "starttls.hpp"

namespace danelaw::cli {
namespace {

void add_plugin(CLI::App& command, PluginOptions& options) {
  add(command, "--mode", options.mode, "MODE", "off, opportunistic (default) or mandatory");
  add(command, "--profile", options.profile, "PROFILE", "generic (default), smtp or srv");
  add(command, "--engine", options.engine, "ENGINE", engine_help);
  add(command, "--trust-anchors", options.trust_anchors, "FILE",
      "DS or DNSKEY records to trust, not the root's");
  add(command, "--trust-anchor-state", options.trust_anchor_state, "FILE",
      "Let them follow their zone's keys (RFC 5011), and write there how");
  add(command, "--root-servers", options.root_servers, "IP[,IP...]", root_servers_help);
  add_each(command, "--resolver", options.resolvers, "RESOLVER", resolver_help);
  add(command, "--resolver-ca-file", options.resolver_ca_file, "PEM", resolver_ca_file_help);
  add(command, "--timeout", options.timeout, "MS", "Milliseconds for a whole lookup (5000)");
  add_cache(command, options.cache);
  add(command, "--log", options.log, "WHERE", "off (default), stderr, syslog or a file with a / in its path");
  add(command, "--log-level", options.log_level, "LEVEL", "refusals (default) or info");
  add(command, "--verify-none", options.verify_none, "MEANING",
      "Where a program verifies nothing: respect that (default) or enforce the verdict");
  add(command, "--config", options.config, "FILE", "Settings and rules for the plugin, see danelaw.conf(5)");
  add_each(command, "--set", options.set, "KEY=VALUE", "A setting of danelaw.conf(5)");
  add(command, "--plugin-dir", options.plugin_folder, "FOLDER", "Where the plugin's files are");
}

}  // namespace

void describe_check(CLI::App& command, CheckOptions& options) {
  add(command, "SERVICE", options.service, "HOST[:PORT]", "Host name or IP address")->required();
  add(command, "--starttls", options.starttls, "PROTO", "Start TLS inside " + starttls_names());
  add(command, "--mode", options.mode, "MODE", "off, opportunistic (default) or mandatory");
  add(command, "--profile", options.profile, "PROFILE",
      "generic, smtp (default with --starttls smtp) or srv");
  add_name_checks(command, options.skip_dane_ee_names);
  add(command, "--ca-file", options.ca_file, "PEM", "The only trusted certificates, instead of the system's");
  add(command, "--tls-max", options.tls_max, "VERSION", "Newest TLS version to offer: 1.2 or 1.3");
  auto* const address = add(command, "--address", options.address, "IP", "Try only this address");
  auto* const ipv4 = command.add_flag("-4", options.ipv4_only, "Try only IPv4 addresses");
  auto* const ipv6 = command.add_flag("-6", options.ipv6_only, "Try only IPv6 addresses");
  ipv4->excludes(ipv6)->excludes(address);
  ipv6->excludes(address);
  auto* const records =
      add(command, "--records", options.records_file, "FILE", "TLSA records to use instead of DNS");
  auto* const chain = command.add_flag("--dnssec-chain", options.dnssec_chain,
                                       "Where DNS fails, ask the server for its records (RFC 9102)");
  chain->excludes(records);
  command.add_flag("--all", options.all, "Also what CAA and CERT records say; never part of the verdict")
      ->excludes(records);
  add_json(command, options.json);
  const char* const limited = "the TLSA lookup, the search for addresses, and each step of a connection";
  for (CLI::Option* const option : add_dns(command, options.dns, limited)) records->excludes(option);
  records->excludes(add_cache(command, options.dns.cache));
}

void describe_lookup(CLI::App& command, LookupOptions& options) {
  add(command, "NAME", options.name, "", "Owner name of the records")->required();
  add(command, "TYPE", options.type, "", "TLSA, CAA, CERT, A, MX ... or TYPEnnn")->required();
  auto* const proof = add(command, "--save-proof", options.save_proof, "FILE",
                          "Write there what proves the answer (RFC 9102 chain)");
  command
      .add_flag("--climb", options.climb,
                "Where NAME has no CAA, ask for its parents', as CAs do (RFC 8659 section 3)")
      ->excludes(proof);
  add_trace(command, options.trace, options.dot, *add_json(command, options.json));
  add_dns(command, options.dns, "the whole lookup");
  add_cache(command, options.dns.cache);
}

void describe_proof(CLI::App& command, ProofOptions& options) {
  add(command, "SERVICE", options.service, "HOST[:PORT]", "The server that will staple it; port 443")
      ->required();
  add(command, "-o,--output", options.output, "FILE", "Where to, instead of standard output");
  auto* const extension = command.add_flag("--extension-data", options.extension_data,
                                           "All of the TLS extension's data, not the chain alone");
  add(command, "--lifetime", options.lifetime, "HOURS",
      "How long the server promises to go on sending it (0: no promise)")
      ->needs(extension);
  add_json(command, options.json);
  add_dns(command, options.dns, "the whole lookup");
}

void describe_smtp(CLI::App& command, SmtpOptions& options) {
  add(command, "--file", options.file, "FILE", "Domains, one a line");
  command.add_flag("--connect", options.connect, "Try TLS with every address of every host; no mail is sent");
  add(command, "--mode", options.mode, "MODE", "off, opportunistic (default) or mandatory");
  add(command, "--insecure-mx", options.insecure_mx, "WHAT",
      "Hosts that unsigned MX records name: may (default), encrypt or dane");
  add(command, "--jobs", options.jobs, "N", "Domains at a time (16)");
  add_json(command, options.json);
  add_dns(command, options.dns,
          "the lookups of a domain, the search for addresses, and each step of a connection");
  command.allow_extras();  // CLI11 would take the brackets of [HOST] for a list's
  command.footer("Then DOMAIN...: mail domains, [HOST] or [IP], with :PORT if need be.");
}

void describe_validate_proof(CLI::App& command, ValidateProofOptions& options) {
  add(command, "--proof", options.proof_file, "FILE", "An AuthenticationChain (RFC 9102)")->required();
  command.add_flag("--extension-data", options.extension_data,
                   "FILE is all of the TLS extension's data, not the chain alone");
  add(command, "--anchors", options.trust_anchors, "FILE", "DS or DNSKEY records to trust")->required();
  add(command, "--qname", options.name, "NAME", "The name that was asked for")->required();
  add(command, "--qtype", options.type, "TYPE", "TLSA, A, AAAA, MX ... or TYPEnnn")->required();
  add(command, "--time", options.time, "EPOCH|now", "When to judge: seconds since 1970, or now (default)");
  add_trace(command, options.trace, options.dot, *add_json(command, options.json));
}

void describe_verify_chain(CLI::App& command, VerifyChainOptions& options) {
  add(command, "--chain", options.chain_file, "PEM", "The peer's certificates, leaf first")->required();
  add(command, "--tlsa", options.tlsa_file, "FILE", "A record a line: usage selector matching-type hex")
      ->required();
  add_each(command, "--name", options.names, "NAME",
           "A reference identifier; the first is the TLSA base domain")
      ->required();
  add(command, "--ca-file", options.ca_file, "PEM",
      "The only trusted certificates; without it there are none");
  add_name_checks(command, options.skip_dane_ee_names);
  add(command, "--verify-depth", options.verify_depth, "N", "Most certificates between leaf and anchor");
  add(command, "--time", options.time, "EPOCH|now", "When to verify: seconds since 1970, or now (default)");
  add_json(command, options.json);
}

void describe_run(CLI::App& command, RunOptions& options) {
  add_plugin(command, options.plugin);
  command.prefix_command();
  command.footer("Then -- and the command with its arguments.");
}

void describe_doctor(CLI::App& command, DoctorOptions& options) {
  add_plugin(command, options.plugin);
  command.add_flag("--as-is", options.as_is,
                   "Try PROGRAM in the environment as it is, not as `danelaw run` makes it");
  command.add_flag("--offline", options.offline, "Ask nothing of DNS");
  add_json(command, options.json);
  command.prefix_command();
  command.footer("Then -- and a program with its arguments, where one shall be tried.");
}

}  // namespace danelaw::cli
