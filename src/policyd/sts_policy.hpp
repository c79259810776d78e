// A policy of MTA-STS (RFC 8461 section 3.2), as text and parsed. Pure.
//
// Read as the ABNF has it, but for blank lines, which mean nothing. A policy that breaks it is none at all.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace danelaw::policyd {

enum class StsMode { None, Testing, Enforce };
[[nodiscard]] std::string_view to_string(StsMode mode);  ///< "none", "testing", "enforce"

struct StsPolicy {
  StsMode mode = StsMode::None;
  std::vector<std::string>
      mx;  ///< lower-case names of LDH labels, "*." before some; at least one unless the mode is none
  std::chrono::seconds max_age{0};
  friend bool operator==(const StsPolicy&, const StsPolicy&) = default;
};

/// RFC 8461 section 3.3: senders should bound what they read.
inline constexpr std::size_t max_policy_octets = 64 * 1024;
/// A year and a leap day (RFC 8461 section 3.2). A longer time counts as this.
inline constexpr std::chrono::seconds longest_max_age{31'557'600};
/// Octets of all patterns: they must fit into one reply.
inline constexpr std::size_t max_pattern_octets = 7168;

/// The policy, or why the text is none.
[[nodiscard]] std::variant<StsPolicy, std::string> sts_policy_from_text(std::string_view text);
[[nodiscard]] std::string to_text(const StsPolicy& policy);

}  // namespace danelaw::policyd
