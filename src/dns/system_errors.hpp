// What the system says of an errno, for people. Any thread.
#pragma once

#include <string.h>

#include <array>
#include <string>

namespace danelaw::dns {

[[nodiscard]] inline std::string text_of_error(int error) {
  std::array<char, 128> text{};
  return strerror_r(error, text.data(), text.size());
}

}  // namespace danelaw::dns
