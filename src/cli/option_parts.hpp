// Options that several commands share, and how one is described.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"

namespace danelaw::cli {

/// `kind` stands for the value in the help text.
template <class Value>
CLI::Option* add(CLI::App& command, const char* name, Value& value, const char* kind,
                 const std::string& help) {
  return command.add_option(name, value, help)->type_name(kind);
}

/// May be given several times, each time with one value: what follows that is not part of it.
CLI::Option* add_each(CLI::App& command, const char* name, std::vector<std::string>& values, const char* kind,
                      const std::string& help);

CLI::Option* add_json(CLI::App& command, bool& json);
/// --trace and --dot; the latter not with `json`.
void add_trace(CLI::App& command, bool& trace, bool& dot, CLI::Option& json);
void add_name_checks(CLI::App& command, bool& skip);

constexpr const char* engine_help =
    "Who asks: stub, your resolvers (default); recursing, from the root down; none, nobody";
constexpr const char* root_servers_help =
    "Where --engine recursing, which this implies, starts, instead of the Internet's";
constexpr const char* resolver_help =
    "Whom to ask, instead of the system's, repeatable: IP[@PORT], or over TLS tls://IP[@PORT]/NAME or "
    "/pin-sha256=BASE64";
constexpr const char* resolver_ca_file_help =
    "The only authorities for names of tls:// resolvers, instead of the system's";

/// `limited` is what the timeout bounds. Returns those of which none makes sense where no question is put to DNS.
std::vector<CLI::Option*> add_dns(CLI::App& command, DnsOptions& dns, const char* limited);

/// Where answers are wanted, not proofs.
CLI::Option* add_cache(CLI::App& command, std::optional<std::string>& cache);

}  // namespace danelaw::cli
