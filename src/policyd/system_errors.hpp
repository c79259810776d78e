// What the system says of an errno, in English whatever the locale: it stands in lines that people search for. The tool has the same
// for itself, since neither sees more of the library than its public headers. Any thread.
#pragma once

#include <string.h>

#include <array>
#include <string>

namespace danelaw::policyd {

[[nodiscard]] inline std::string text_of_error(int error) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
  const char* const text = strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
#else
  std::array<char, 128> text{};
  return strerror_r(error, text.data(), text.size());
#endif
}

}  // namespace danelaw::policyd
