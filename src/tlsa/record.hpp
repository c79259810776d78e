// A TLSA record as it is written: RDATA (RFC 6698 section 2.1) and text (section 2.2), both ways.
//
// A parser holds no policy: a Record may carry any certificate usage, selector and matching type that fits in
// an octet. What can be acted on is classified in usability.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace danelaw::tlsa {

// RFC 6698 section 7 and RFC 7218.
enum class Usage : std::uint8_t { PkixTa = 0, PkixEe = 1, DaneTa = 2, DaneEe = 3 };
enum class Selector : std::uint8_t { Cert = 0, Spki = 1 };
enum class MatchingType : std::uint8_t { Full = 0, Sha2_256 = 1, Sha2_512 = 2 };

/// The octets as they came; nothing is known about them but that they are a TLSA record.
class Record final {
 public:
  /// The most that RDLENGTH can say (RFC 1035 section 3.2.1).
  static constexpr std::size_t max_rdata_octets = 65535;

  /// Fails on fewer than three octets or more than RDATA can hold.
  static Result<Record> from_rdata(Bytes rdata);

  /// "usage selector matching-type hex…", the hex split by white space or not, or RFC 3597's "\# length
  /// hex…".
  static Result<Record> from_text(std::string_view text);

  [[nodiscard]] Buffer to_rdata() const;
  [[nodiscard]] std::string to_text() const;  ///< "3 1 1 0b9fa5…"; from_text() of it gives this record again

  [[nodiscard]] std::uint8_t usage() const { return m_usage; }
  [[nodiscard]] std::uint8_t selector() const { return m_selector; }
  [[nodiscard]] std::uint8_t matching_type() const { return m_matching_type; }
  [[nodiscard]] Bytes association_data() const { return m_data; }

  friend bool operator==(const Record&, const Record&) = default;

 private:
  Record(std::uint8_t usage, std::uint8_t selector, std::uint8_t matching_type, Bytes data);
  std::uint8_t m_usage;
  std::uint8_t m_selector;
  std::uint8_t m_matching_type;
  Buffer m_data;
};

}  // namespace danelaw::tlsa
