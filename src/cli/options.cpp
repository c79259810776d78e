#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "command_options.hpp"
#include "danelaw/danelaw.h"
#include "exit.hpp"

namespace danelaw::cli {
namespace {

using namespace std::string_view_literals;

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
