// A domain name as DNS compares it (RFC 1034 section 3.1, RFC 4343): labels of octets, ASCII case folded away.
//
// A DnsName that exists is valid: labels of 1 to 63 octets, 255 octets in wire form with the root label
// (RFC 1035 section 2.3.4). It is always absolute. Names in other scripts must be A-labels already (RFC 5890):
// dns/idn does that. Compression pointers are not read here: the message reader follows them itself.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace danelaw {

class DnsName final {
 public:
  static constexpr std::size_t max_wire_octets = 255;
  static constexpr std::size_t max_label_octets = 63;

  /// The root.
  DnsName();

  /// Presentation form (RFC 1035 section 5.1): `\.` and `\DDD` escapes are understood, a trailing dot is
  /// optional. Unescaped blanks, control characters and octets above 126 are refused. "." is the root.
  static Result<DnsName> from_text(std::string_view text);

  /// Uncompressed wire form, the root label included. On failure the reader may have moved.
  static Result<DnsName> from_wire(ByteReader& reader);

  /// Presentation form without the trailing dot; the root is ".". from_text() of it gives this name again.
  [[nodiscard]] std::string to_text() const;

  /// Wire form with the root label, in lower case: the canonical form of RFC 4034 section 6.2.
  [[nodiscard]] Bytes wire() const { return as_bytes(m_wire); }

  [[nodiscard]] std::size_t label_count() const;  ///< without the root label: the root has 0
  [[nodiscard]] bool is_root() const { return m_wire.size() == 1; }

  /// True where this name equals `ancestor` or lies below it.
  [[nodiscard]] bool is_within(const DnsName& ancestor) const;

  /// The name without its leftmost label. The root's parent is the root.
  [[nodiscard]] DnsName parent() const;

  /// The last `labels` labels of this name; all of it where it has no more.
  [[nodiscard]] DnsName ancestor(std::size_t labels) const;

  /// `label` in front of this name. Fails where a limit is passed.
  [[nodiscard]] Result<DnsName> child(std::string_view label) const;

  /// True where every label is made of letters, digits, hyphens and underscores, and there is at least one:
  /// what a TLS client can connect to by name.
  [[nodiscard]] bool is_host_name() const;

  friend bool operator==(const DnsName&, const DnsName&) = default;
  friend auto operator<=>(const DnsName&,
                          const DnsName&) = default;  ///< any total order; not the canonical one

 private:
  explicit DnsName(std::string wire) : m_wire(std::move(wire)) {}
  std::string m_wire;  // lower-cased wire form, with the root label
};

}  // namespace danelaw
