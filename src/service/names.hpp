// Reference identifiers, each once.
#pragma once

#include <algorithm>
#include <string>

#include "verify/plan.hpp"

namespace danelaw::service {

/// `name` after those the plan has.
inline void add_name(verify::Plan& plan, const std::string& name) {
  auto& names = plan.reference_identifiers;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace danelaw::service
