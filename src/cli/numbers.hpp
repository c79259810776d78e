// Numbers on the command line: whole, not negative, and nothing else.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "exit.hpp"

namespace danelaw::cli {

/// Throws a Failure with Exit::Usage that says what is `wanted`.
template <class Number>
[[nodiscard]] Number parse_number(const std::string& text, const char* option, const char* wanted,
                                  Number most = std::numeric_limits<Number>::max()) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && value >= 0 && value <= most) return value;
  throw usage(fmt::format("{}: \"{}\" is not {}", option, text, wanted));
}

/// --time EPOCH|now: nothing for now.
[[nodiscard]] inline std::optional<std::int64_t> parse_time(const std::optional<std::string>& text) {
  if (!text || *text == "now") return std::nullopt;
  return parse_number<std::int64_t>(*text, "--time", "seconds since 1970 or the word now");
}

}  // namespace danelaw::cli
