// Exit codes and the failures that end the tool early: part of its stable contract (danelaw(1), EXIT STATUS).
//
// A Failure is one line on stderr and nothing on stdout. What could be reported is a report, not a Failure.
#pragma once

#include <stdexcept>
#include <string>

namespace danelaw::cli {

enum class Exit : int {
  Good = 0,           ///< authenticated, secure, ok
  Refused = 1,        ///< rejected, bogus, fail
  Usage = 2,          ///< wrong arguments or input
  NotApplicable = 3,  ///< DANE does not apply; insecure or absent
  Undecided = 4,      ///< no verdict or answer could be reached
  CannotRun = 126,    ///< run, as env(1): the command is there and is not run
  NotFound = 127,     ///< run, as env(1): there is no such command
};

class Failure final : public std::runtime_error {
 public:
  Failure(Exit exit, const std::string& text) : std::runtime_error(text), m_exit(exit) {}
  [[nodiscard]] Exit exit() const { return m_exit; }

 private:
  Exit m_exit;
};

[[nodiscard]] inline Failure usage(const std::string& text) { return {Exit::Usage, text}; }

}  // namespace danelaw::cli
