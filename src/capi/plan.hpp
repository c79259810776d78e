// danelaw_plan and danelaw_records: a verify::Plan with the strings that its accessors give out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "danelaw/danelaw.h"
#include "tlsa/record.hpp"
#include "verify/plan.hpp"

struct danelaw_records {
  std::vector<danelaw::tlsa::Record> records;
};

struct danelaw_plan {
  explicit danelaw_plan(danelaw::verify::SharedPlan made);

  danelaw::verify::SharedPlan plan;  // never null
  std::string fault;
  std::string reason;
  std::vector<std::string> record_texts;
  std::vector<std::string> record_standings;
};

namespace danelaw::capi {

/// The service that a caller names, checked.
[[nodiscard]] Result<verify::Service> service_of(const char* host, unsigned port,
                                                 danelaw_transport transport);

[[nodiscard]] bool is_transport(danelaw_transport transport);

/// The plan that `made` says, for a connection with `policy`: usability is judged again under its profile.
[[nodiscard]] verify::SharedPlan under_policy(const verify::Plan& made, const verify::Policy& policy);

}  // namespace danelaw::capi
