// The faults that postmasters make again and again, told by name: what is wrong, and what to publish.
#pragma once

#include "smtp_report.hpp"

namespace danelaw::cli {

/// Adds hints to a domain and its hosts. With a resolver, records that stand at a wrong name are looked for.
void explain_faults(DomainReport& report, danelaw_resolver* resolver);

}  // namespace danelaw::cli
