// The type bit maps of NSEC and NSEC3 (RFC 4034 section 4.1.2), read strictly: blocks in ascending order, none of them
// empty, no trailing zero octets.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/rr_type.hpp"

namespace danelaw::dnssec {

class TypeBitmap final {
 public:
  /// Reads all of `octets`. None at all is a bitmap without types: what NSEC3 has for an empty non-terminal.
  static Result<TypeBitmap> from_wire(Bytes octets);

  [[nodiscard]] bool has(RrType type) const;

  /// RFC 6840 section 4.1: NS without SOA, so that this is the parent's side of a zone cut.
  [[nodiscard]] bool is_delegation() const { return has(RrType::Ns) && !has(RrType::Soa); }

 private:
  explicit TypeBitmap(Bytes octets) : m_octets(to_buffer(octets)) {}
  Buffer m_octets;
};

}  // namespace danelaw::dnssec
