#include "base/dns_name.hpp"

#include <algorithm>
#include <optional>

namespace danelaw {

namespace {

/// RFC 4343 section 3: only the ASCII letters fold.
char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t length_octet(std::string_view wire) { return static_cast<std::uint8_t>(wire.front()); }

/// A character of a message to people: printable, or by its number.
std::string shown(char c) {
  const auto octet = static_cast<std::uint8_t>(c);
  if (octet > 0x20 && octet < 0x7F) return std::string("'") + c + "'";
  return "octet " + std::to_string(octet);
}

Problem name_problem(std::string text) { return Problem{Fault::Name, std::move(text)}; }

/// Wire form in the making, octet by octet.
class WireWriter final {
 public:
  void reserve(std::size_t octets) { m_wire.reserve(std::min(octets, DnsName::max_wire_octets)); }

  void put(char c) { m_wire.push_back(folded(c)); }
  [[nodiscard]] std::size_t label_octets() const { return m_wire.size() - m_length_at - 1; }

  /// The fault in words, or nothing.
  std::optional<std::string_view> end_label() {
    if (label_octets() == 0) return "empty label (two dots in a row, or a dot in front)";
    if (label_octets() > DnsName::max_label_octets) return "a label is longer than 63 octets";
    // The octet after the last label is the root label's.
    if (m_wire.size() + 1 > DnsName::max_wire_octets) return "the name is longer than 255 octets";
    m_wire[m_length_at] = static_cast<char>(label_octets());
    m_length_at = m_wire.size();
    m_wire.push_back('\0');
    return std::nullopt;
  }

  /// Behind the last label's end: the octet of the next one's length is the root label.
  std::string finish() && { return std::move(m_wire); }

 private:
  std::string m_wire = std::string(1, '\0');
  std::size_t m_length_at = 0;  // of the label that is being written
};

/// RFC 1035 section 5.1: \X stands for the character X, \DDD for the octet of that decimal number. `text`
/// begins after the backslash; what is read is taken off it.
std::optional<char> take_escaped(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  if (!is_digit(text[0])) {
    const char c = text[0];
    text.remove_prefix(1);
    return c > 0x20 && c < 0x7F ? std::optional(c) : std::nullopt;
  }
  if (text.size() < 3 || !is_digit(text[1]) || !is_digit(text[2])) return std::nullopt;
  const int value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  text.remove_prefix(3);
  return value <= 255 ? std::optional(static_cast<char>(value)) : std::nullopt;
}

void append_presentation(std::string& text, char c) {
  constexpr std::string_view special = R"(."\;()@$)";
  const auto octet = static_cast<std::uint8_t>(c);
  if (octet <= 0x20 || octet >= 0x7F) {
    constexpr std::string_view digits = "0123456789";
    text += {'\\', digits[octet / 100], digits[octet / 10 % 10], digits[octet % 10]};
    return;
  }
  if (special.find(c) != std::string_view::npos) text.push_back('\\');
  text.push_back(c);
}

}  // namespace

DnsName::DnsName() : m_wire(1, '\0') {}

Result<DnsName> DnsName::from_text(std::string_view text) {
  if (text.empty()) return name_problem("empty name");
  if (text == ".") return DnsName();
  WireWriter wire;
  wire.reserve(text.size() + 2);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '.') {
      if (const auto fault = wire.end_label()) return name_problem(std::string(*fault));
      continue;
    }
    if (c == '\\') {
      const auto escaped = take_escaped(text);
      if (!escaped) return name_problem("a backslash needs a character or three digits up to 255 after it");
      wire.put(*escaped);
    } else if (static_cast<std::uint8_t>(c) > 0x7F) {
      return name_problem(shown(c) + " cannot stand in a name: convert it to A-labels (xn--…)");
    } else if (c <= 0x20 || c == 0x7F) {
      return name_problem(shown(c) + " cannot stand in a name");
    } else {
      wire.put(c);
    }
    // Known already: no need to collect more.
    if (wire.label_octets() > max_label_octets) return name_problem("a label is longer than 63 octets");
  }
  if (wire.label_octets() != 0) {
    if (const auto fault = wire.end_label()) return name_problem(std::string(*fault));
  }
  return DnsName(std::move(wire).finish());
}

Result<DnsName> DnsName::from_wire(ByteReader& reader) {
  WireWriter wire;
  while (true) {
    const auto length = reader.take_u8();
    if (!length) return name_problem("the name ends before its root label");
    // RFC 1035 section 3.1: a name ends with the label of length zero.
    if (*length == 0) break;
    // RFC 1035 section 4.1.4: the upper two bits are 00 in a label, 11 in a pointer, else reserved.
    if (*length > max_label_octets)
      return name_problem("a pointer or reserved label type in an uncompressed name");
    const auto label = reader.take(*length);
    if (!label) return name_problem("a label runs past the end");
    for (const std::uint8_t octet : *label) wire.put(static_cast<char>(octet));
    if (const auto fault = wire.end_label()) return name_problem(std::string(*fault));
  }
  return DnsName(std::move(wire).finish());
}

std::string DnsName::to_text() const {
  if (is_root()) return ".";
  std::string text;
  text.reserve(m_wire.size());
  std::string_view rest = m_wire;
  while (length_octet(rest) != 0) {
    const std::size_t length = length_octet(rest);
    if (!text.empty()) text.push_back('.');
    for (const char c : rest.substr(1, length)) append_presentation(text, c);
    rest.remove_prefix(1 + length);
  }
  return text;
}

std::size_t DnsName::label_count() const {
  std::size_t count = 0;
  for (std::string_view rest = m_wire; length_octet(rest) != 0; rest.remove_prefix(1 + length_octet(rest)))
    ++count;
  return count;
}

bool DnsName::is_within(const DnsName& ancestor) const {
  // Step from label to label: a bare suffix of octets could begin in the middle of one.
  std::string_view rest = m_wire;
  while (rest.size() > ancestor.m_wire.size()) rest.remove_prefix(1 + length_octet(rest));
  return rest == ancestor.m_wire;
}

DnsName DnsName::parent() const {
  if (is_root()) return *this;
  return DnsName(m_wire.substr(1 + length_octet(m_wire)));
}

DnsName DnsName::ancestor(std::size_t labels) const {
  std::string_view rest = m_wire;
  for (std::size_t count = label_count(); count > labels; --count) rest.remove_prefix(1 + length_octet(rest));
  return DnsName(std::string(rest));
}

Result<DnsName> DnsName::child(std::string_view label) const {
  WireWriter wire;
  wire.reserve(1 + label.size() + m_wire.size());
  std::ranges::for_each(label, [&wire](char c) { wire.put(c); });
  if (const auto fault = wire.end_label()) return name_problem(std::string(*fault));
  std::string whole = std::move(wire).finish();
  whole.replace(whole.size() - 1, 1, m_wire);
  if (whole.size() > max_wire_octets) return name_problem("the name is longer than 255 octets");
  return DnsName(std::move(whole));
}

bool DnsName::is_host_name() const {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; };
  for (std::string_view rest = m_wire; length_octet(rest) != 0; rest.remove_prefix(1 + length_octet(rest))) {
    if (!std::ranges::all_of(rest.substr(1, length_octet(rest)), fits)) return false;
  }
  return !is_root();
}

}  // namespace danelaw
