// Does a program refuse whom DANE does not vouch for? It is sent to a server on the loopback whose certificate nobody
// should take, told to verify nothing, with DANE mandatory and enforced: if it refuses, it was the plugin.
#pragma once

#include <string>
#include <vector>

#include "doctor_report.hpp"
#include "environment.hpp"

namespace danelaw::cli {

/// The arguments of `command`, in which {url}, {host} and {port} will be replaced; for some programs they are made up.
/// Throws a Failure with Exit::Usage where that cannot be done.
[[nodiscard]] std::vector<std::string> program_arguments(const std::vector<std::string>& command);

/// Throws a Failure where the program is not to be had.
[[nodiscard]] CheckLine try_program(const std::vector<std::string>& command, Environment environment);

}  // namespace danelaw::cli
