#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "danelaw/danelaw.h"
#include "exit.hpp"
#include "option_parts.hpp"
#include "starttls.hpp"

namespace danelaw::cli {
namespace {

using namespace std::string_view_literals;

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
  add_json(command, options.json);
  const char* const limited = "the TLSA lookup, the search for addresses, and each step of a connection";
  for (CLI::Option* const option : add_dns(command, options.dns, limited)) records->excludes(option);
  records->excludes(add_cache(command, options.dns.cache));
}

void describe_lookup(CLI::App& command, LookupOptions& options) {
  add(command, "NAME", options.name, "", "Owner name of the records")->required();
  add(command, "TYPE", options.type, "", "TLSA, A, AAAA, MX ... or TYPEnnn")->required();
  add(command, "--save-proof", options.save_proof, "FILE",
      "Write there what proves the answer (RFC 9102 chain)");
  add_json(command, options.json);
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
  add_json(command, options.json);
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

constexpr std::array<std::string_view, 10> commands = {
    "check", "doctor", "lookup", "proof", "run", "smtp", "tlsa", "validate-proof", "verify-chain", "watch"};
/// Those that are followed by another program's command line.
constexpr std::array<std::string_view, 2> commands_with_command = {"doctor", "run"};

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_option(std::string_view word) { return word.size() > 1 && word.starts_with('-'); }

void refuse_unknown_command(int argc, const char* const* argv) {
  if (argc < 2) return;
  const std::string_view word = argv[1];
  if (is_option(word) || contains(commands, word)) return;
  throw usage(fmt::format("\"{}\" is no command; there are {}", word, fmt::join(commands, ", ")));
}

/// The first of the words nobody took that was meant as an option; empty where there is none.
std::string unknown_option(const CLI::App& app) {
  for (const std::string& word : app.remaining(true)) {
    if (word == "--") break;  // what follows is no option, whatever it begins with
    if (is_option(word)) return word.substr(0, word.find('='));
  }
  return "";
}

/// An unknown option is named before all else: what else seems wrong, a missing word for one, may come of it.
Failure refusal(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  const std::string command = parsed.empty() ? "" : parsed.front()->get_name();
  const std::string help = fmt::format("danelaw {}{}--help", command, command.empty() ? "" : " ");
  const std::string unknown = unknown_option(app);
  if (unknown.empty()) return usage(fmt::format("{}; see {}", error.what(), help));
  return usage(fmt::format("\"{}\" is no option; see {}", unknown, help));
}

/// `danelaw run [OPTIONS] -- COMMAND …`: what follows "--" is another program's.
struct Words {
  std::vector<const char*> ours;
  std::optional<std::vector<std::string>> command;  // nothing without "--"
};

Words split(int argc, const char* const* argv) {
  Words words{{argv, argv + argc}, std::nullopt};
  const bool has_command = argc > 1 && contains(commands_with_command, argv[1]);
  if (!has_command) return words;
  const auto end =
      std::find_if(words.ours.begin(), words.ours.end(), [](const char* word) { return word == "--"sv; });
  if (end == words.ours.end()) return words;
  words.command.emplace(end + 1, words.ours.end());
  words.ours.erase(end, words.ours.end());
  return words;
}

/// Without "--" the command begins with the first word that is no option.
std::vector<std::string> command_of(const CLI::App& app, const Words& words) {
  const std::vector<std::string> left = app.remaining();
  if (!left.empty() && is_option(left.front())) {
    const std::string option = left.front().substr(0, left.front().find('='));
    throw usage(fmt::format("\"{}\" is no option; see danelaw {} --help", option, app.get_name()));
  }
  if (!words.command) return left;
  if (left.empty()) return *words.command;
  std::vector<std::string> command = left;  // the "--" is the command's own
  command.emplace_back("--");
  command.insert(command.end(), words.command->begin(), words.command->end());
  return command;
}

Command with_command(RunOptions options, const CLI::App& app, const Words& words) {
  options.command = command_of(app, words);
  if (options.command.empty())
    throw usage("COMMAND is required: danelaw run [OPTIONS] -- COMMAND; see danelaw run --help");
  return options;
}

Command with_domains(SmtpOptions options, const CLI::App& app) {
  options.domains = app.remaining();
  std::erase(options.domains, "--");
  const auto option = std::find_if(options.domains.begin(), options.domains.end(),
                                   [](const std::string& word) { return is_option(word); });
  if (option == options.domains.end()) return options;
  throw usage(
      fmt::format("\"{}\" is no option; see danelaw smtp --help", option->substr(0, option->find('='))));
}

Command with_command(DoctorOptions options, const CLI::App& app, const Words& words) {
  options.command = command_of(app, words);
  return options;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  refuse_unknown_command(argc, argv);
  const Words words = split(argc, argv);
  CLI::App app("Checks TLS servers against their DNSSEC-signed TLSA records (DANE), and says why.",
               "danelaw");
  app.set_version_flag("--version", fmt::format("danelaw {}", danelaw_version()));
  app.require_subcommand(1);
  CheckOptions check;
  DoctorOptions doctor;
  LookupOptions lookup;
  ProofOptions proof;
  RunOptions run;
  SmtpOptions smtp;
  TlsaOptions tlsa;
  ValidateProofOptions validate_proof;
  VerifyChainOptions verify_chain;
  WatchOptions watch;
  describe_check(*app.add_subcommand("check", "Connect to a service, verify it, explain the verdict"), check);
  CLI::App& doctor_command = *app.add_subcommand("doctor", "Say what works of the plugin, and what to do");
  describe_doctor(doctor_command, doctor);
  describe_lookup(*app.add_subcommand("lookup", "Ask DNS one question and say what the answer is worth"),
                  lookup);
  describe_proof(*app.add_subcommand("proof", "Make the DNSSEC proof that a TLS server staples (RFC 9102)"),
                 proof);
  CLI::App& run_command = *app.add_subcommand("run", "Run a program with the plugin loaded");
  describe_run(run_command, run);
  CLI::App& smtp_command =
      *app.add_subcommand("smtp", "Say how mail to a domain must be protected, and whether it can be");
  describe_smtp(smtp_command, smtp);
  describe_tlsa(*app.add_subcommand("tlsa", "Make TLSA records, or the plan of a rollover"), tlsa);
  describe_validate_proof(
      *app.add_subcommand("validate-proof", "Judge a DNSSEC proof from a file, without DNS"), validate_proof);
  describe_verify_chain(
      *app.add_subcommand("verify-chain", "Hold a chain of certificates against records, offline"),
      verify_chain);
  describe_watch(
      *app.add_subcommand("watch", "Check a list of services again and again, and tell what changes"), watch);
  try {
    app.parse(static_cast<int>(words.ours.size()), words.ours.data());
  } catch (const CLI::CallForVersion& version) {
    return ShowText{std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    return ShowText{app.help()};
  } catch (const CLI::ParseError& error) {
    throw refusal(app, error);
  }
  if (app.got_subcommand("check")) return check;
  if (app.got_subcommand("doctor")) return with_command(doctor, doctor_command, words);
  if (app.got_subcommand("lookup")) return lookup;
  if (app.got_subcommand("proof")) return proof;
  if (app.got_subcommand("validate-proof")) return validate_proof;
  if (app.got_subcommand("run")) return with_command(run, run_command, words);
  if (app.got_subcommand("smtp")) return with_domains(smtp, smtp_command);
  if (app.got_subcommand("tlsa")) return tlsa;
  if (app.got_subcommand("watch")) return watch;
  return verify_chain;
}

}  // namespace danelaw::cli
