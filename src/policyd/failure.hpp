// What ends the program, or a reload, with one line. The exit codes are those of the tool (danelaw(1)).
#pragma once

#include <stdexcept>
#include <string>

namespace danelaw::policyd {

enum class Exit : int {
  Good = 0,       ///< the service ended as it was told to; --once: there is a policy
  Usage = 2,      ///< wrong arguments or configuration
  NoPolicy = 3,   ///< --once: neither DANE nor MTA-STS asks for anything
  Undecided = 4,  ///< --once: temporary failure; the service: sockets, memory
};

class Failure final : public std::runtime_error {
 public:
  Failure(Exit exit, const std::string& text) : std::runtime_error(text), m_exit(exit) {}
  [[nodiscard]] Exit exit() const { return m_exit; }

 private:
  Exit m_exit;
};

}  // namespace danelaw::policyd
