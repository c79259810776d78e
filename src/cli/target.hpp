// HOST[:PORT] as people write it, and what the library makes of the host.
#pragma once

#include <string>
#include <string_view>

namespace danelaw::cli {

struct Target {
  std::string host;  ///< A-labels in lower case without a trailing dot, or an IP address without brackets
  unsigned port = 0;
  bool is_address = false;

  /// "www.example.com:443", "[2001:db8::1]:443"
  [[nodiscard]] std::string to_text() const;
};

/// Throws a Failure with Exit::Usage.
[[nodiscard]] Target parse_target(const std::string& text, unsigned default_port);

}  // namespace danelaw::cli
