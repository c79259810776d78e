// One mail domain as `danelaw smtp` looks at it: its route, and where that is wanted every address of every host. `danelaw
// watch` does the same, again and again.
#pragma once

#include <string>

#include "smtp_report.hpp"

namespace danelaw::cli {

enum class Connect { No, Yes };
enum class FindFaults {
  FromAnswers,      ///< by what the route says
  ByMoreQuestions,  ///< misplaced records are looked for, too
};

/// What all domains share.
struct DomainCheck {
  const danelaw_settings& settings;
  danelaw_resolver& resolver;
  SSL_CTX& context;
  Connect connect = Connect::No;
  FindFaults find_faults = FindFaults::FromAnswers;
};

/// Never throws for what DNS, the network or the peer does.
[[nodiscard]] DomainReport look_at(const DomainCheck& check, const std::string& domain);

}  // namespace danelaw::cli
