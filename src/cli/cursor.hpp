// A reader of octets that nobody vouches for. Bounds are checked in take(), and nowhere else: a read past the end gives nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace danelaw::cli {

using Octets = std::span<const std::uint8_t>;

class Cursor final {
 public:
  explicit Cursor(Octets octets) : m_rest(octets) {}

  [[nodiscard]] bool is_at_end() const { return m_rest.empty(); }
  [[nodiscard]] std::optional<Octets> take(std::size_t n) {
    if (n > m_rest.size()) return std::nullopt;
    const Octets taken = m_rest.first(n);
    m_rest = m_rest.subspan(n);
    return taken;
  }
  [[nodiscard]] Octets take_rest() {
    const Octets taken = m_rest;
    m_rest = {};
    return taken;
  }
  /// In network order; of four octets at most.
  [[nodiscard]] std::optional<std::uint32_t> number(std::size_t octets) {
    const std::optional<Octets> taken = take(octets);
    if (!taken) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : *taken) value = value << 8U | octet;
    return value;
  }

 private:
  Octets m_rest;
};

[[nodiscard]] inline std::string string_of(Octets octets) { return {octets.begin(), octets.end()}; }

}  // namespace danelaw::cli
