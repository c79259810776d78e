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

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "End standard output with one JSON object");
}

/// `group`: what other options exclude, because they make every question to DNS needless.
std::vector<CLI::Option*> add_dns(CLI::App& command, DnsOptions& dns) {
  const std::vector<CLI::Option*> group = {
      command
          .add_option("--resolver", dns.resolvers, "A resolver to ask (no engine of this version has one)")
          ->type_name("IP[@PORT]"),
      command
          .add_option("--trust-anchors", dns.trust_anchors,
                      "DS and DNSKEY records to trust, instead of the root's")
          ->type_name("FILE"),
      command.add_option("--engine", dns.engine, "Who validates: recursing")->type_name("ENGINE"),
      command.add_option("--root-servers", dns.root_servers, "Root servers to start from")
          ->type_name("IP[,IP...]")};
  command
      .add_option("--timeout", dns.timeout, "Limit for the lookup, and for each step of a connection (5000)")
      ->type_name("MS");
  return group;
}

void describe_check(CLI::App& command, CheckOptions& options) {
  command.add_option("SERVICE", options.service, "Host name or IP address; the port follows the protocol")
      ->required()
      ->type_name("HOST[:PORT]");
  command.add_option("--starttls", options.starttls, "Start TLS inside " + starttls_names())
      ->type_name("PROTO");
  command.add_option("--mode", options.mode, "off, opportunistic or mandatory (opportunistic)")
      ->type_name("MODE");
  command
      .add_option("--profile", options.profile,
                  "generic, smtp or srv (smtp with --starttls smtp, else generic)")
      ->type_name("PROFILE");
  command.add_flag("--dane-ee-no-namecheck", options.skip_dane_ee_names, "Usage 3: compare no names");
  command.add_option("--ca-file", options.ca_file, "The only trusted certificates, instead of the system's")
      ->type_name("PEM");
  command.add_option("--tls-max", options.tls_max, "Newest TLS version to offer: 1.2 or 1.3")
      ->type_name("VERSION");
  auto* const address =
      command.add_option("--address", options.address, "Try only this address")->type_name("IP");
  auto* const ipv4 = command.add_flag("-4", options.ipv4_only, "Try only IPv4 addresses");
  auto* const ipv6 = command.add_flag("-6", options.ipv6_only, "Try only IPv6 addresses");
  ipv4->excludes(ipv6)->excludes(address);
  ipv6->excludes(address);
  auto* const records = command
                            .add_option("--records", options.records_file,
                                        "TLSA records to hold the peer against, instead of DNS")
                            ->type_name("FILE");
  add_json(command, options.json);
  for (CLI::Option* const option : add_dns(command, options.dns)) records->excludes(option);
}

void describe_lookup(CLI::App& command, LookupOptions& options) {
  command.add_option("NAME", options.name, "Owner name of the records")->required()->type_name("");
  command.add_option("TYPE", options.type, "TLSA, A, AAAA, MX ... or TYPEnnn")->required()->type_name("");
  add_json(command, options.json);
  add_dns(command, options.dns);
}

void describe_verify_chain(CLI::App& command, VerifyChainOptions& options) {
  command.add_option("--chain", options.chain_file, "The peer's certificates, leaf first")
      ->required()
      ->type_name("PEM");
  command.add_option("--tlsa", options.tlsa_file, "Records, one \"usage selector matching-type hex\" a line")
      ->required()
      ->type_name("FILE");
  command.add_option("--name", options.names, "A reference identifier; the first is the TLSA base domain")
      ->required()
      ->type_name("NAME")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--ca-file", options.ca_file, "The only trusted certificates; without it there are none")
      ->type_name("PEM");
  command.add_flag("--dane-ee-no-namecheck", options.skip_dane_ee_names, "Usage 3: compare no names");
  command.add_option("--verify-depth", options.verify_depth, "Most certificates between leaf and anchor")
      ->type_name("N");
  command.add_option("--time", options.time, "When to verify: seconds since 1970, or now")
      ->type_name("EPOCH|now");
  add_json(command, options.json);
}

/// Commands that the tool's contract names and this version does not have.
constexpr std::array<std::string_view, 5> later_commands = {"validate-proof", "smtp", "tlsa", "run",
                                                            "doctor"};

void refuse_later_commands(int argc, const char* const* argv) {
  if (argc < 2) return;
  const std::string_view word = argv[1];
  if (std::find(later_commands.begin(), later_commands.end(), word) == later_commands.end()) return;
  throw usage(fmt::format("{}: not in version {}; there are check, lookup and verify-chain", word,
                          danelaw_version()));
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  refuse_later_commands(argc, argv);
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
    throw usage(fmt::format("{} (danelaw --help)", error.what()));
  }
  if (app.got_subcommand("check")) return check;
  if (app.got_subcommand("lookup")) return lookup;
  return verify_chain;
}

}  // namespace danelaw::cli
