// Where the plugin says what it decided: nowhere, stderr, syslog or a file. One line for each event, in one write, so
// that lines of many processes do not mix. No descriptor is kept and no signal is raised.
#pragma once

#include <string>

#include "configuration.hpp"

namespace danelaw::plugin {

/// Writes "danelaw: program[pid]: line". What is not printable in `line` is shown as \xNN: names in certificates are
/// their makers' choice. A log that cannot be written is no reason to fail.
void write_log(const LogSettings& log, const std::string& line) noexcept;

/// True where descriptor 2 is a socket of the Internet. A program that has closed its stderr gets that number for the next
/// that it opens, maybe the connection to the TLS peer: nothing is written there.
[[nodiscard]] bool stderr_is_a_connection() noexcept;

/// The file name of the running program.
[[nodiscard]] const std::string& program_name();

}  // namespace danelaw::plugin
