// The part of `danelaw doctor` that asks DNS: each resolver by itself, or the root servers and those below them.
#pragma once

#include <functional>
#include <string>

#include "danelaw/danelaw.h"
#include "doctor_report.hpp"

namespace danelaw::cli {

/// Makes one line of a check; what it throws becomes that line, too.
using Look = std::function<void(const std::string& check, const std::function<CheckLine()>& examine)>;

/// With `offline` nothing is asked and the lines say so.
void examine_dns(const danelaw_settings& settings, bool offline, const Look& look);

}  // namespace danelaw::cli
