#include "netstring.hpp"

#include <fmt/format.h>

namespace danelaw::policyd {

std::variant<Unfinished, NoNetstring, Netstring> first_netstring(std::string_view octets, std::size_t limit) {
  std::size_t length = 0;
  std::size_t at = 0;
  for (; at < octets.size() && octets[at] != ':'; ++at) {
    const char digit = octets[at];
    if (digit < '0' || digit > '9') return NoNetstring{"not a length"};
    if (at > 0 && length == 0) return NoNetstring{"a length that begins with 0"};
    length = length * 10 + static_cast<std::size_t>(digit - '0');
    if (length > limit) return NoNetstring{"longer than any request"};
  }
  if (at == octets.size()) return Unfinished{};
  if (at == 0) return NoNetstring{"not a length"};
  const std::size_t begin = at + 1;
  if (octets.size() - begin < length + 1) return Unfinished{};
  if (octets[begin + length] != ',') return NoNetstring{"no comma at its end"};
  return Netstring{octets.substr(begin, length), begin + length + 1};
}

std::string to_netstring(std::string_view content) { return fmt::format("{}:{},", content.size(), content); }

}  // namespace danelaw::policyd
