#include "dns/rr_text.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

#include "base/dns_name.hpp"
#include "base/hex.hpp"
#include "tlsa/record.hpp"

namespace danelaw::dns {
namespace {

struct Mnemonic {
  RrType type;
  std::string_view text;
};
constexpr std::array mnemonics{
    Mnemonic{RrType::A, "A"},         Mnemonic{RrType::Ns, "NS"},       Mnemonic{RrType::Cname, "CNAME"},
    Mnemonic{RrType::Soa, "SOA"},     Mnemonic{RrType::Ptr, "PTR"},     Mnemonic{RrType::Mx, "MX"},
    Mnemonic{RrType::Txt, "TXT"},     Mnemonic{RrType::Aaaa, "AAAA"},   Mnemonic{RrType::Srv, "SRV"},
    Mnemonic{RrType::Cert, "CERT"},   Mnemonic{RrType::Dname, "DNAME"}, Mnemonic{RrType::Ds, "DS"},
    Mnemonic{RrType::Rrsig, "RRSIG"}, Mnemonic{RrType::Nsec, "NSEC"},   Mnemonic{RrType::Dnskey, "DNSKEY"},
    Mnemonic{RrType::Nsec3, "NSEC3"}, Mnemonic{RrType::Tlsa, "TLSA"},   Mnemonic{RrType::Caa, "CAA"},
};

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

/// Reads the fields of one RDATA and writes them; a field that is not there spoils the whole.
class Fields final {
 public:
  explicit Fields(Bytes rdata) : m_reader(rdata) {}

  Fields& u8() { return write(m_reader.take_u8()); }
  Fields& u16() { return write(m_reader.take_u16()); }
  Fields& u32() { return write(m_reader.take_u32()); }

  Fields& name() {
    const auto name = DnsName::from_wire(m_reader);
    if (!name) return spoil();
    const std::string text = name->to_text();
    return write(text == "." ? text : text + ".");
  }

  Fields& address(int family, std::size_t octets) {
    const auto taken = m_reader.take(octets);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!taken || inet_ntop(family, taken->data(), text.data(), text.size()) == nullptr) return spoil();
    return write(std::string(text.data()));
  }

  /// One or more <character-string>s up to the end (RFC 1035 section 3.3.14).
  Fields& strings() {
    do {
      const auto length = m_reader.take_u8();
      const auto octets = length ? m_reader.take(*length) : std::nullopt;
      if (!octets) return spoil();
      write(quoted(*octets));
    } while (m_reader.remaining() > 0);
    return *this;
  }

  /// RFC 8659 section 4.1.1: a tag without quotes.
  Fields& tag() {
    const auto length = m_reader.take_u8();
    const auto octets = length ? m_reader.take(*length) : std::nullopt;
    if (!octets || octets->empty() ||
        !std::all_of(octets->begin(), octets->end(), [](unsigned char c) { return std::isalnum(c) != 0; }))
      return spoil();
    return write(std::string(octets->begin(), octets->end()));
  }

  Fields& quoted_rest() { return write(quoted(m_reader.take_rest())); }
  Fields& hex_rest() { return write(to_hex(m_reader.take_rest())); }

  Fields& base64_rest() {
    const Bytes rest = m_reader.take_rest();
    std::string text(4 * ((rest.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), rest.data(),
                                       static_cast<int>(rest.size()));
    text.resize(static_cast<std::size_t>(length));
    return write(text);
  }

  /// Nothing where a field was missing or octets are left over.
  [[nodiscard]] std::optional<std::string> text() const {
    if (m_spoilt || m_reader.remaining() > 0) return std::nullopt;
    return m_text;
  }

 private:
  static std::string quoted(Bytes octets) {
    std::string text = "\"";
    for (const std::uint8_t octet : octets) {
      if (octet == '"' || octet == '\\') {
        text += '\\';
        text += static_cast<char>(octet);
      } else if (octet >= 0x20 && octet < 0x7F) {
        text += static_cast<char>(octet);
      } else {
        std::array<char, 5> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\%03u", static_cast<unsigned>(octet));
        text += escaped.data();
      }
    }
    return text + "\"";
  }

  template <class Number>
  Fields& write(std::optional<Number> number) {
    return number ? write(std::to_string(*number)) : spoil();
  }
  Fields& write(const std::string& field) {
    m_text += (m_text.empty() ? "" : " ") + field;
    return *this;
  }
  Fields& spoil() {
    m_spoilt = true;
    return *this;
  }

  ByteReader m_reader;
  std::string m_text;
  bool m_spoilt = false;
};

std::optional<std::string> known_form(RrType type, Bytes rdata) {
  Fields fields(rdata);
  if (type == RrType::A) return fields.address(AF_INET, sizeof(in_addr)).text();
  if (type == RrType::Aaaa) return fields.address(AF_INET6, sizeof(in6_addr)).text();
  if (type == RrType::Ns || type == RrType::Cname || type == RrType::Ptr || type == RrType::Dname)
    return fields.name().text();
  if (type == RrType::Mx) return fields.u16().name().text();
  if (type == RrType::Srv) return fields.u16().u16().u16().name().text();
  if (type == RrType::Soa) return fields.name().name().u32().u32().u32().u32().u32().text();
  if (type == RrType::Txt) return fields.strings().text();
  if (type == RrType::Caa) return fields.u8().tag().quoted_rest().text();
  if (type == RrType::Ds) return fields.u16().u8().u8().hex_rest().text();
  if (type == RrType::Dnskey) return fields.u16().u8().u8().base64_rest().text();
  if (type == RrType::Cert) return fields.u16().u16().u8().base64_rest().text();
  if (type != RrType::Tlsa) return std::nullopt;
  const auto record = tlsa::Record::from_rdata(rdata);
  if (!record) return std::nullopt;
  return record->to_text();
}

}  // namespace

std::optional<RrType> type_from_text(std::string_view text) {
  for (const Mnemonic& mnemonic : mnemonics)
    if (same_word(text, mnemonic.text)) return mnemonic.type;
  constexpr std::string_view generic = "TYPE";
  if (text.size() <= generic.size() || !same_word(text.substr(0, generic.size()), generic))
    return std::nullopt;
  const std::string_view digits = text.substr(generic.size());
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return static_cast<RrType>(number);
}

std::string to_text(RrType type) {
  for (const Mnemonic& mnemonic : mnemonics)
    if (mnemonic.type == type) return std::string(mnemonic.text);
  return "TYPE" + std::to_string(static_cast<std::uint16_t>(type));
}

std::string rdata_to_text(RrType type, Bytes rdata) {
  if (auto text = known_form(type, rdata)) return *std::move(text);
  return "\\# " + std::to_string(rdata.size()) + (rdata.empty() ? "" : " " + to_hex(rdata));
}

}  // namespace danelaw::dns
