#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace danelaw::cli {
namespace {

constexpr std::size_t shown_hex_digits = 128;  // a SHA2-512 digest is shown whole

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
bool continues(char c) { return (octet(c) & 0xC0U) == 0x80U; }

/// Octets of the UTF-8 sequence that `text` begins with, or 0 where that is none or is a control character.
std::size_t printable_sequence(std::string_view text) {
  const std::uint8_t first = octet(text[0]);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const bool second_control_set = first == 0xC2 && octet(text[1]) < 0xA0;  // U+0080 to U+009F
  return second_control_set ? 0 : length;
}

bool use_colour() {
  static const bool wanted = [] {
    const char* const no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
  }();
  return wanted;
}

std::string_view escape_of(Colour colour) {
  switch (colour) {
    case Colour::Plain:
      return "";
    case Colour::Bold:
      return "\x1b[1m";
    case Colour::Green:
      return "\x1b[1;32m";
    case Colour::Red:
      return "\x1b[1;31m";
    case Colour::Yellow:
      return "\x1b[1;33m";
  }
  return "";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = printable_sequence(text);
    if (length == 0) {
      result += fmt::format("\\x{:02x}", octet(text[0]));
      text.remove_prefix(1);
      continue;
    }
    result += text.substr(0, length);
    text.remove_prefix(length);
  }
  return result;
}

std::string shortened_record(std::string_view text) {
  const std::size_t hex = text.rfind(' ') + 1;
  const std::size_t digits = text.size() - hex;
  if (digits <= shown_hex_digits) return printable(text);
  return printable(fmt::format("{}... ({} octets)", text.substr(0, hex + 16), digits / 2));
}

std::string coloured(Colour colour, std::string_view text) {
  if (colour == Colour::Plain || !use_colour()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", escape_of(colour), text);
}

Colour colour_of(danelaw_decision decision) {
  switch (decision) {
    case DANELAW_AUTHENTICATED:
      return Colour::Green;
    case DANELAW_REJECTED:
    case DANELAW_UNDECIDED:
      return Colour::Red;
    case DANELAW_NOT_APPLICABLE:
      return Colour::Yellow;
  }
  return Colour::Plain;
}

void print_out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool flush_out() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

void print_error_line(std::string_view text) {
  const std::string line = fmt::format("danelaw: {}\n", printable(text));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace danelaw::cli
