// Who watches this program. The sanitizers have limits of their own where a process with threads forks, valgrind where a
// set-user-ID program is started; tests that meet them are skipped there, and say so.
#pragma once

#include <cstdlib>
#include <string_view>

#if defined(__SANITIZE_THREAD__)
#define DANELAW_UNDER_TSAN true
#elif defined(__SANITIZE_ADDRESS__)
#define DANELAW_UNDER_ASAN true
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DANELAW_UNDER_TSAN true
#elif __has_feature(address_sanitizer)
#define DANELAW_UNDER_ASAN true
#endif
#endif

#ifdef DANELAW_UNDER_TSAN
inline constexpr bool under_tsan = true;
#else
inline constexpr bool under_tsan = false;
#endif
#ifdef DANELAW_UNDER_ASAN
inline constexpr bool under_asan = true;
#else
inline constexpr bool under_asan = false;
#endif

/// Everything takes many times as long there.
[[nodiscard]] inline bool under_valgrind() {
  const char* const preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::string_view(preloaded).find("vgpreload_") != std::string_view::npos;
}
