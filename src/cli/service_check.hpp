// One service as `danelaw check` looks at it: a plan, held against every address. `danelaw watch` does the same, again and again.
#pragma once

#include <optional>
#include <string>

#include "check_report.hpp"

namespace danelaw::cli {

/// What is known of a service before anybody is asked.
struct ServiceCheck {
  const Target& target;
  const StartTls* starttls = nullptr;  ///< null: TLS at once
  const danelaw_settings& settings;
  SSL_CTX& context;
  Family family = Family::Any;
  std::optional<std::string> address;  ///< the only one to try
  bool has_store = false;              ///< the context has its trusted certificates
};

[[nodiscard]] AddressSearch begin_address_search(const ServiceCheck& known);

/// Tries every address that the search finds. `resolver`: for what a server proves itself; null: that is not asked for.
[[nodiscard]] CheckReport try_addresses(const ServiceCheck& known, const danelaw_plan& plan,
                                        AddressSearch search, danelaw_resolver* resolver);

/// The TLSA lookup, and try_addresses() beside it. Nothing, and the problem, where there can be no plan. Throws a Failure with
/// Exit::Usage where the input is at fault.
[[nodiscard]] std::optional<CheckReport> check_by_dns(const ServiceCheck& known, danelaw_resolver& resolver,
                                                      danelaw_problem& problem);

}  // namespace danelaw::cli
