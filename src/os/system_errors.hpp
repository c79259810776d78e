// What the system says of an errno, for people: in English whatever locale the host has set, because it stands in the middle of
// English sentences, in logs that somebody searches. Any thread.
#pragma once

#include <string.h>

#include <array>
#include <string>

namespace danelaw {

[[nodiscard]] inline std::string text_of_error(int error) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
  const char* const text = strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
#else
  std::array<char, 128> text{};
  return strerror_r(error, text.data(), text.size());
#endif
}

}  // namespace danelaw
