// Which connections a rule is for: patterns of host and port, and of program names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peer.hpp"

namespace danelaw::plugin {

/// Whether a rule is for a connection. What is not known of a connection may be what the rule names.
enum class Fit { No, Maybe, Certain };

/// "www.example", "*.example" (every name below example), "*", an IP literal; each with or without ":port".
class HostPattern final {
 public:
  /// Nothing where `text` is none of these.
  static std::optional<HostPattern> from_text(std::string_view text);

  [[nodiscard]] Fit fit(const Peer& peer) const;

 private:
  [[nodiscard]] Fit fit_host(const std::string& host) const;
  [[nodiscard]] Fit fit_port(unsigned port) const;

  enum class Covers { One, Below, All };
  Covers m_covers = Covers::One;
  std::string m_name;  // in lower case, without a trailing dot; with a leading one for Below
  unsigned m_port = 0;
};

/// The entries of a list separated by commas, without the white space around them.
[[nodiscard]] std::vector<std::string> entries_of(std::string_view list);

/// 1 to 65535; nothing for any other text.
[[nodiscard]] std::optional<unsigned> port_from_text(std::string_view text);

}  // namespace danelaw::plugin
