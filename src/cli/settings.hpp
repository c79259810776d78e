// Command line options to library settings. The library judges the values; here they only get the option's
// name.
#pragma once

#include <chrono>
#include <string>

#include "handles.hpp"
#include "options.hpp"

namespace danelaw::cli {

[[nodiscard]] Settings make_settings();

/// Throws a Failure with Exit::Usage that names `option`.
void set(danelaw_settings& settings, const char* key, const std::string& value, const char* option);

/// The settings that all commands share which ask DNS.
void set_dns(danelaw_settings& settings, const DnsOptions& options);

/// --timeout, or its default: the library's deadline.
[[nodiscard]] std::chrono::milliseconds timeout_of(const danelaw_settings& settings);

/// A call's error as a Failure: Exit::Usage where the input was at fault, else Exit::Undecided.
void require(int code, const danelaw_problem& problem);

/// Throws a Failure with Exit::Usage where `name` is an IP address.
void refuse_address(const std::string& name, const char* what);

[[nodiscard]] bool is_address(const std::string& text);

}  // namespace danelaw::cli
