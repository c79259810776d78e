// The standings of all services in a file, so that a watch that starts again tells what is new, and not everything anew.
//
// JSON, written whole. What is in it is only compared with; nothing in it can make a service look better than it is.
#pragma once

#include <map>
#include <string>

#include "watch_events.hpp"

namespace danelaw::cli {

using Standings = std::map<std::string, Standing>;  // by the service's name

[[nodiscard]] std::string to_state_text(const Standings& standings);
/// Throws a Failure with Exit::Usage where the text is not what to_state_text() makes: the file may be somebody's else.
[[nodiscard]] Standings parse_state(const std::string& text, const std::string& path);

/// Nothing is remembered where there is no such file yet.
[[nodiscard]] Standings read_state(const std::string& path);

}  // namespace danelaw::cli
