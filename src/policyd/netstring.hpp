// Netstrings, the framing of socketmaps: "LENGTH:OCTETS,". What comes from a client is read here and nowhere else.
//
// Strict: the length is decimal without leading zeros, and an announced length above the limit is refused before any of
// its octets are waited for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace danelaw::policyd {

/// More octets are needed.
struct Unfinished {};
/// No netstring begins here, or one above the limit: nothing that follows can be read.
struct NoNetstring {
  const char* why = "";
};
struct Netstring {
  std::string_view content;
  std::size_t octets = 0;  ///< of the whole netstring, which is at the front
};

/// What stands at the front of `octets`. At most `limit` octets of content.
[[nodiscard]] std::variant<Unfinished, NoNetstring, Netstring> first_netstring(std::string_view octets,
                                                                               std::size_t limit);

[[nodiscard]] std::string to_netstring(std::string_view content);

}  // namespace danelaw::policyd
