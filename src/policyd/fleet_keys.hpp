// The keys by which the services of a fleet know each other's entries. HMAC-SHA-256 (RFC 2104, FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace danelaw::policyd {

inline constexpr std::size_t seal_octets = 32;
using Seal = std::array<std::uint8_t, seal_octets>;

class FleetKeys final {
 public:
  /// Lines of 64 to 128 hexadecimal digits: the first key seals, and each of them opens, so that a fleet can go over to another key
  /// without a break. Nothing where the text is something else.
  [[nodiscard]] static std::optional<FleetKeys> from_text(std::string_view text);
  static constexpr const char* syntax =
      "one to four lines of 64 to 128 hexadecimal digits (openssl rand -hex 32)";

  [[nodiscard]] Seal seal(std::string_view octets) const;
  /// In a time that does not tell how much of it is right.
  [[nodiscard]] bool is_sealed(std::string_view octets, std::string_view seal) const;

  friend bool operator==(const FleetKeys&, const FleetKeys&) = default;

 private:
  using Key = std::vector<std::uint8_t>;
  explicit FleetKeys(std::vector<Key> keys) : m_keys(std::move(keys)) {}
  std::vector<Key> m_keys;  // one at least
};

}  // namespace danelaw::policyd
