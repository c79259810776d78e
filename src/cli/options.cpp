#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "danelaw/danelaw.h"
#include "exit.hpp"
#include "starttls.hpp"

namespace danelaw::cli {
namespace {

/// `kind` stands for the value in the help text.
template <class Value>
CLI::Option* add(CLI::App& command, const char* name, Value& value, const char* kind,
                 const std::string& help) {
  return command.add_option(name, value, help)->type_name(kind);
}

/// May be given several times, each time with one value: what follows that is not part of it.
CLI::Option* add_each(CLI::App& command, const char* name, std::vector<std::string>& values, const char* kind,
                      const std::string& help) {
  return add(command, name, values, kind, help)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "End standard output with one JSON object");
}

void add_name_checks(CLI::App& command, bool& skip) {
  command.add_flag("--dane-ee-no-namecheck", skip, "Usage 3: compare no names (RFC 7671 section 5.1)");
}

/// `limited` is what the timeout bounds. Returns those of which none makes sense where no question is put to DNS.
std::vector<CLI::Option*> add_dns(CLI::App& command, DnsOptions& dns, const char* limited) {
  add(command, "--timeout", dns.timeout, "MS", fmt::format("Milliseconds for {} (5000)", limited));
  return {add(command, "--trust-anchors", dns.trust_anchors, "FILE",
              "DS or DNSKEY records to trust, not the root's"),
          add(command, "--engine", dns.engine, "ENGINE", "Who validates: recursing"),
          add(command, "--root-servers", dns.root_servers, "IP[,IP...]",
              "Where to start, instead of the Internet's"),
          add_each(command, "--resolver", dns.resolvers, "IP[@PORT]",
                   "Refused: the recursing engine has no use for it")};
}

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
  add_json(command, options.json);
  const char* const limited = "the TLSA lookup, the search for addresses, and each step of a connection";
  for (CLI::Option* const option : add_dns(command, options.dns, limited)) records->excludes(option);
}

void describe_lookup(CLI::App& command, LookupOptions& options) {
  add(command, "NAME", options.name, "", "Owner name of the records")->required();
  add(command, "TYPE", options.type, "", "TLSA, A, AAAA, MX ... or TYPEnnn")->required();
  add_json(command, options.json);
  add_dns(command, options.dns, "the whole lookup");
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

constexpr std::array<std::string_view, 3> commands = {"check", "lookup", "verify-chain"};
/// Commands that the tool's contract names and this version does not have.
constexpr std::array<std::string_view, 5> later_commands = {"validate-proof", "smtp", "tlsa", "run",
                                                            "doctor"};

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_option(std::string_view word) { return word.size() > 1 && word.starts_with('-'); }

void refuse_unknown_command(int argc, const char* const* argv) {
  if (argc < 2) return;
  const std::string_view word = argv[1];
  if (is_option(word) || contains(commands, word)) return;
  const std::string why =
      contains(later_commands, word) ? fmt::format("not in version {}", danelaw_version()) : "no command";
  throw usage(fmt::format("\"{}\" is {}; there are {}", word, why, fmt::join(commands, ", ")));
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

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  refuse_unknown_command(argc, argv);
  CLI::App app("Checks TLS servers against their DNSSEC-signed TLSA records (DANE), and says why.",
               "danelaw");
  app.set_version_flag("--version", fmt::format("danelaw {}", danelaw_version()));
  app.require_subcommand(1);
  CheckOptions check;
  LookupOptions lookup;
  VerifyChainOptions verify_chain;
  describe_check(*app.add_subcommand("check", "Connect to a service, verify it, explain the verdict"), check);
  describe_lookup(*app.add_subcommand("lookup", "Ask DNS one question and say what the answer is worth"),
                  lookup);
  describe_verify_chain(
      *app.add_subcommand("verify-chain", "Hold a chain of certificates against records, offline"),
      verify_chain);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    return ShowText{std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    return ShowText{app.help()};
  } catch (const CLI::ParseError& error) {
    throw refusal(app, error);
  }
  if (app.got_subcommand("check")) return check;
  if (app.got_subcommand("lookup")) return lookup;
  return verify_chain;
}

}  // namespace danelaw::cli
