// A DNS message off the wire (RFC 1035 section 4, RFC 6891), read strictly and completely or not at all.
//
// It says what is there and judges nothing: which question, class, owner or signature counts is the caller's
// to decide. Names are decompressed (pointers only ever go backwards), so that RDATA stands alone, and in the
// types that RFC 4034 section 6.2 lists they are in lower case: rdata is the canonical form that signatures
// cover. The signer's name in an RRSIG is the one exception: it stays as it came, and Rrsig reads it.
// Refused: octets after the last record, names or RDATA that run over their end, records past the limits
// below.
//
// The caller must still compare id and question with what was asked, and look at rcode() and truncated().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/result.hpp"
#include "base/rr_type.hpp"

namespace danelaw::dnssec {

inline constexpr std::uint16_t class_in = 1;  ///< the Internet's class

struct MessageQuestion {
  DnsName name;
  RrType type{};
  std::uint16_t dns_class = class_in;
  friend bool operator==(const MessageQuestion&, const MessageQuestion&) = default;
};

struct ResourceRecord {
  DnsName owner;
  RrType type{};
  std::uint16_t dns_class = class_in;
  std::uint32_t ttl = 0;  ///< 0 where the top bit was set (RFC 2181 section 8)
  Buffer rdata;           ///< uncompressed, names in it too
  friend bool operator==(const ResourceRecord&, const ResourceRecord&) = default;
};

/// The fields of an RRSIG (RFC 4034 section 3.1), as they came.
struct Rrsig {
  RrType type_covered{};
  std::uint8_t algorithm = 0;
  std::uint8_t labels = 0;
  std::uint32_t original_ttl = 0;
  std::uint32_t expiration = 0;  ///< seconds modulo 2^32: compare by serial arithmetic (RFC 1982)
  std::uint32_t inception = 0;   ///< likewise
  std::uint16_t key_tag = 0;
  DnsName signer;
  Buffer signature;

  /// Fails on RDATA that ends early, and on a compressed signer's name (RFC 4034 section 3.1.7).
  static Result<Rrsig> from_rdata(Bytes rdata);
};

class Message final {
 public:
  static constexpr std::size_t max_octets = 65535;  ///< what the length before a TCP message can say
  static constexpr std::size_t max_records = 4096;  ///< in all sections together
  static constexpr std::size_t max_questions = 1;   ///< RFC 9619

  /// Fault::Lookup where the octets are no message.
  static Result<Message> from_wire(Bytes octets);

  [[nodiscard]] std::uint16_t id() const { return m_id; }
  [[nodiscard]] std::uint16_t flags() const { return m_flags; }  ///< the whole second word of the header
  [[nodiscard]] bool is_response() const { return (m_flags & 0x8000U) != 0; }
  [[nodiscard]] bool authoritative() const { return (m_flags & 0x0400U) != 0; }
  [[nodiscard]] bool truncated() const { return (m_flags & 0x0200U) != 0; }
  [[nodiscard]] bool authentic_data() const { return (m_flags & 0x0020U) != 0; }
  [[nodiscard]] std::uint8_t opcode() const { return static_cast<std::uint8_t>(m_flags >> 11 & 0x0FU); }

  /// All twelve bits, the upper eight of which stand in the OPT record (RFC 6891 section 6.1.3).
  [[nodiscard]] std::uint16_t rcode() const { return m_rcode; }

  [[nodiscard]] const std::optional<MessageQuestion>& question() const { return m_question; }
  [[nodiscard]] const std::vector<ResourceRecord>& answer() const { return m_answer; }
  [[nodiscard]] const std::vector<ResourceRecord>& authority() const { return m_authority; }
  [[nodiscard]] const std::vector<ResourceRecord>& additional() const {
    return m_additional;
  }  ///< OPT included

 private:
  Message() = default;
  std::uint16_t m_id = 0;
  std::uint16_t m_flags = 0;
  std::uint16_t m_rcode = 0;
  std::optional<MessageQuestion> m_question;
  std::vector<ResourceRecord> m_answer;
  std::vector<ResourceRecord> m_authority;
  std::vector<ResourceRecord> m_additional;
};

}  // namespace danelaw::dnssec
