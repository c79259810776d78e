// Command line options to library settings. The library judges the values; here they only get the option's
// name.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "handles.hpp"
#include "options.hpp"

namespace danelaw::cli {

[[nodiscard]] Settings make_settings();

/// Throws a Failure with Exit::Usage that names `option`.
void set(danelaw_settings& settings, const char* key, const std::string& value, const char* option);

/// As the setting `resolvers` takes them. Throws a Failure with Exit::Usage where one would not be one there.
[[nodiscard]] std::string list_of_resolvers(const std::vector<std::string>& resolvers);

/// The directory of --cache as the setting takes it.
[[nodiscard]] std::string absolute_or_off(const std::string& directory);
/// One line on stderr where there is to be a cache and cannot be. Nothing else comes of it.
void say_what_is_wrong_with_cache(const danelaw_settings& settings);

/// The settings that all commands share which ask DNS.
void set_dns(danelaw_settings& settings, const DnsOptions& options);

/// The same, where the records themselves are wanted: those of the engine that has them, unless another one is named.
[[nodiscard]] DnsOptions with_records(DnsOptions options);

/// --timeout, or its default: the library's deadline.
[[nodiscard]] std::chrono::milliseconds timeout_of(const danelaw_settings& settings);

/// True where a call succeeded; false where it failed for a reason that can be reported as a result: no trust anchors,
/// no memory, DNS that cannot be asked. Throws a Failure with Exit::Usage where the input was at fault.
[[nodiscard]] bool succeeded(int code, const danelaw_problem& problem);

/// For calls whose failure leaves nothing to report: every error is a Failure.
void require(int code, const danelaw_problem& problem);

/// Throws a Failure with Exit::Usage where `name` is an IP address.
void refuse_address(const std::string& name, const char* what);

/// A URL's host and, where it names one, ":" and the port.
struct UrlAuthority {
  std::string host;
  std::string port;
};
/// Nothing where `text` is no URL.
[[nodiscard]] std::optional<UrlAuthority> authority_of_url(const std::string& text);

/// Throws a Failure with Exit::Usage where `name` is a URL.
void refuse_url(const std::string& name, const char* what);

[[nodiscard]] bool is_address(const std::string& text);

}  // namespace danelaw::cli
