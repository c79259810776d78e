#include "log.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace danelaw::policyd {

std::string printable(std::string_view text) {
  std::string safe;
  for (const char character : text) {
    const auto octet = static_cast<unsigned char>(character);
    const bool is_safe = octet >= 0x20 && octet < 0x7f;
    is_safe ? void(safe += character) : void(safe += fmt::format("\\x{:02x}", octet));
  }
  return safe;
}

void say(std::string_view text) {
  const std::string line = fmt::format("danelaw-policyd: {}\n", printable(text));
  // One write, so that lines of several processes stay whole. Where nobody listens there is nothing to be done.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace danelaw::policyd
