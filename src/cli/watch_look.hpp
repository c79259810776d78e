// One look of `danelaw watch` at a service: what `check` or `smtp --connect` finds out, as an Observation.
#pragma once

#include "domain_check.hpp"
#include "service_check.hpp"
#include "watch_events.hpp"
#include "watch_list.hpp"

namespace danelaw::cli {

/// What all looks share.
struct WatchTools {
  const danelaw_settings& settings;       ///< of hosts
  const danelaw_settings& mail_settings;  ///< with the profile of RFC 7672
  SSL_CTX& context;                       ///< with the trusted certificates
  SSL_CTX& mail_context;
  bool with_signatures = false;  ///< ask when they end, too
};

[[nodiscard]] Observation observation_of(const CheckReport& report, bool is_mail);
[[nodiscard]] Observation observation_of(const DomainReport& report);

/// Never throws for what DNS, the network or the peer does. `when` and `duration` are the caller's.
[[nodiscard]] Observation look_at(const WatchTools& tools, danelaw_resolver& resolver,
                                  const WatchedService& service);

}  // namespace danelaw::cli
