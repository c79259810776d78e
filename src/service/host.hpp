// What an application calls a service, made into a verify::Service: IDN, trailing dots, case, address literals, ports.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "verify/plan.hpp"

namespace danelaw::service {

/// `host` is a name as people type it, or an IPv4/IPv6 literal (with or without brackets, with or without a zone).
/// Fails with Fault::Name or Fault::Port.
Result<verify::Service> parse_service(std::string_view host, unsigned long port, tlsa::Transport transport);

}  // namespace danelaw::service
