// The socketmap protocol (socketmap_table(5) of Postfix): "NAME KEY" in a netstring, and a reply in one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace danelaw::policyd {

/// Octets of a request's content. A domain in UTF-8 with brackets and a port fits.
inline constexpr std::size_t max_request_octets = 1024;
inline constexpr std::size_t max_reply_octets = 8192;

struct Request {
  std::string_view map;  ///< the name that main.cf gives after the address; it means nothing here
  std::string_view key;
};
/// Nothing where it is no request: no space, nothing before it, or control characters.
[[nodiscard]] std::optional<Request> request_in(std::string_view content);

enum class Word { Ok, NotFound, Temp, Timeout, Perm };
[[nodiscard]] std::string_view to_string(Word word);  ///< "OK", "NOTFOUND" …

/// Default-constructed it is a failure.
struct Reply {
  Word word = Word::Temp;
  std::string text;  ///< the policy, or for people why there is none
  friend bool operator==(const Reply&, const Reply&) = default;
};
/// The netstring. Control characters become "?", and what is too long is cut, in reasons; a policy is never cut.
[[nodiscard]] std::string to_netstring(const Reply& reply);

}  // namespace danelaw::policyd
