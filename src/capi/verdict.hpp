// danelaw_verdict: a snapshot of a verdict, explained when first asked why.
#pragma once

#include <optional>
#include <string>

#include "capi/plan.hpp"
#include "danelaw/danelaw.h"
#include "verify/explanation.hpp"
#include "verify/verdict.hpp"

struct danelaw_verdict {
  explicit danelaw_verdict(danelaw::verify::Verdict taken,
                           danelaw::verify::Subject about = danelaw::verify::Subject::Service);

  /// Null where there was no memory for it.
  [[nodiscard]] const danelaw::verify::Explanation* explanation() const noexcept;

  danelaw::verify::Verdict verdict;
  danelaw::verify::Subject subject;
  std::optional<danelaw_plan> plan;
  mutable std::optional<danelaw::verify::Explanation> explained;
};
