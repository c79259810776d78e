#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "starttls_dialogues.hpp"

namespace danelaw::cli {
namespace {

using std::string_view_literals::operator""sv;

// ASN.1 tags (X.690) and LDAP's application tags (RFC 4511 section 4.2 and 4.12).
constexpr char ber_integer = '\x02';
constexpr char ber_enumerated = '\x0a';
constexpr char ber_sequence = '\x30';
constexpr char ldap_extended_response = '\x78';

/// LDAPMessage 1, ExtendedRequest, requestName 1.3.6.1.4.1.1466.20037.
constexpr std::string_view ldap_starttls_request =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037"sv;

constexpr std::string_view postgres_ssl_request = "\0\0\0\x08\x04\xd2\x16\x2f"sv;

WireError not_ldap() { return WireError("this is no LDAP response"); }

std::size_t octet(char c) { return static_cast<std::uint8_t>(c); }

/// X.690 section 8.1.3, definite forms; `next(n)` gives n octets. Four octets of length are more than any
/// limit here.
template <class Next>
std::size_t read_length(Next next) {
  const std::size_t first = octet(next(1)[0]);
  if (first < 0x80) return first;
  const std::size_t octets = first & 0x7FU;
  if (octets == 0 || octets > 4) throw not_ldap();
  std::size_t length = 0;
  for (const char c : next(octets)) length = length << 8U | octet(c);
  return length;
}

/// Reads one element of a message that is all there.
class BerReader final {
 public:
  explicit BerReader(std::string_view octets) : m_rest(octets) {}

  std::string_view take_element(char tag) {
    if (take(1)[0] != tag) throw not_ldap();
    return take(read_length([this](std::size_t n) { return take(n); }));
  }

 private:
  std::string_view take(std::size_t n) {
    if (n > m_rest.size()) throw not_ldap();
    const std::string_view taken = m_rest.substr(0, n);
    m_rest.remove_prefix(n);
    return taken;
  }

  std::string_view m_rest;
};

std::string read_ldap_message(Wire& wire) {
  if (wire.read_exactly(1)[0] != ber_sequence) throw not_ldap();
  const std::size_t length = read_length([&wire](std::size_t n) { return wire.read_exactly(n); });
  if (length > Wire::max_line_octets) throw not_ldap();
  return wire.read_exactly(length);
}

}  // namespace

void ldap_dialogue(Wire& wire, const std::string&) {
  wire.send(ldap_starttls_request);
  const std::string message = read_ldap_message(wire);
  BerReader outer(message);
  if (outer.take_element(ber_integer) != "\x01"sv) throw not_ldap();
  BerReader response(outer.take_element(ldap_extended_response));
  const std::string_view result_code = response.take_element(ber_enumerated);
  if (result_code.size() != 1) throw not_ldap();
  if (result_code[0] != '\0') throw refused(fmt::format("LDAP result code {}", octet(result_code[0])));
}

void postgres_dialogue(Wire& wire, const std::string&) {
  wire.send(postgres_ssl_request);
  const std::string answer = wire.read_exactly(1);
  if (answer == "N") throw not_offered();
  if (answer != "S") throw WireError("this is no PostgreSQL answer");
}

}  // namespace danelaw::cli
