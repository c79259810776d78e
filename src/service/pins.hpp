// Promises of servers to prove their records in every handshake (RFC 9102 section 7, "extension pins"), and how they stand in
// a file: a first line, then one line each, "HOST PORT TRANSPORT END", END in seconds since 1970-01-01 UTC. Pure.
//
// The file is read strictly and completely or not at all. Whoever can write it can make pins and remove them, and nothing
// else: a pin alone never authenticates anybody.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/time.hpp"
#include "verify/plan.hpp"

namespace danelaw::service {

/// Past it those of the fullest domain are forgotten, see pin_shares.hpp.
inline constexpr std::size_t max_pins = 4096;
inline constexpr std::size_t max_pin_file_octets = 1U << 21U;

class Pins final {
 public:
  /// Nothing where `text` is no file of pins.
  static std::optional<Pins> from_text(std::string_view text);
  /// from_text() of it gives these pins again.
  [[nodiscard]] std::string to_text() const;

  /// 0 where there is none.
  [[nodiscard]] EpochSeconds end_of(const verify::Service& service) const;
  void set(const verify::Service& service, EpochSeconds end);
  void drop(const verify::Service& service);
  /// Those that have ended by `now`.
  void drop_ended(EpochSeconds now);
  /// Where both have one the later end counts.
  void add(const Pins& others);
  [[nodiscard]] std::size_t size() const { return m_ends.size(); }

  friend bool operator==(const Pins&, const Pins&) = default;

 private:
  using Key = std::tuple<std::string, std::uint16_t, tlsa::Transport>;
  static Key key_of(const verify::Service& service) {
    return {service.host, service.port, service.transport};
  }
  void keep_within_limit();

  std::map<Key, EpochSeconds> m_ends;
};

}  // namespace danelaw::service
