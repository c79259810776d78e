#include "tlsa/record.hpp"

#include <optional>

#include "base/hex.hpp"

namespace danelaw::tlsa {

namespace {

constexpr std::size_t fixed_octets = 3;
constexpr std::string_view blanks = " \t\r\n";

Problem record_problem(std::string text) { return Problem{Fault::Record, std::move(text)}; }

/// The next word, taken off `text`; empty at the end.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint32_t> decimal_up_to(std::uint32_t most, std::string_view word) {
  if (word.empty()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
    if (value > most) return std::nullopt;
  }
  return value;
}

/// RFC 6698 section 2.2: white space may stand anywhere in the hexadecimal text.
std::optional<Buffer> hex_words(std::string_view text) {
  std::string digits;
  digits.reserve(text.size());
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) digits += word;
  return from_hex(digits);
}

/// A word of the input as it can be shown in one line.
std::string quoted(std::string_view word) {
  constexpr std::size_t most = 20;
  std::string text = "\"";
  for (const char c : word.substr(0, most)) text.push_back(c > 0x1F && c < 0x7F ? c : '?');
  return text + (word.size() > most ? "…\"" : "\"");
}

/// What follows "\#" (RFC 3597 section 5): the count of octets, then as many in hexadecimal.
Result<Buffer> generic_rdata(std::string_view text) {
  const std::string_view word = take_word(text);
  const auto length = decimal_up_to(Record::max_rdata_octets, word);
  if (!length) return record_problem("\\# needs a length of 0 to 65535 after it, not " + quoted(word));
  auto octets = hex_words(text);
  if (!octets) return record_problem("after \\# and the length must stand pairs of hexadecimal digits");
  if (octets->size() != *length) {
    return record_problem("\\# announces " + std::to_string(*length) + " octets, but " +
                          std::to_string(octets->size()) + " follow");
  }
  return std::move(*octets);
}

}  // namespace

Record::Record(std::uint8_t usage, std::uint8_t selector, std::uint8_t matching_type, Bytes data)
    : m_usage(usage), m_selector(selector), m_matching_type(matching_type), m_data(to_buffer(data)) {}

Result<Record> Record::from_rdata(Bytes rdata) {
  if (rdata.size() > max_rdata_octets) {
    return record_problem(std::to_string(rdata.size()) + " octets are more than a record can hold (65535)");
  }
  ByteReader reader(rdata);
  // RFC 6698 section 2.1: certificate usage, selector and matching type of one octet each, then the data.
  const auto usage = reader.take_u8();
  const auto selector = reader.take_u8();
  const auto matching_type = reader.take_u8();
  if (!usage || !selector || !matching_type) {
    return record_problem("a TLSA record has at least three octets, this one " +
                          std::to_string(rdata.size()));
  }
  return Record(*usage, *selector, *matching_type, reader.take_rest());
}

Result<Record> Record::from_text(std::string_view text) {
  std::string_view rest = text;
  std::string_view word = take_word(rest);
  if (word == "\\#") {
    const auto rdata = generic_rdata(rest);
    if (!rdata) return rdata.problem();
    return from_rdata(*rdata);
  }
  // RFC 6698 section 2.2: usage, selector and matching type as unsigned decimal integers.
  std::uint8_t fields[fixed_octets] = {};
  constexpr std::string_view names[fixed_octets] = {"certificate usage", "selector", "matching type"};
  for (std::size_t field = 0; field < fixed_octets; ++field) {
    const auto value = decimal_up_to(255, word);
    if (!value) {
      return record_problem("the " + std::string(names[field]) + " must be a number from 0 to 255, not " +
                            quoted(word));
    }
    fields[field] = static_cast<std::uint8_t>(*value);
    if (field + 1 < fixed_octets) word = take_word(rest);
  }
  const auto data = hex_words(rest);
  if (!data) return record_problem("the association data must be pairs of hexadecimal digits");
  if (data->size() > max_rdata_octets - fixed_octets) {
    return record_problem(std::to_string(data->size()) +
                          " octets of data are more than a record can hold (65532)");
  }
  return Record(fields[0], fields[1], fields[2], *data);
}

Buffer Record::to_rdata() const {
  Buffer rdata;
  rdata.reserve(fixed_octets + m_data.size());
  rdata.assign({m_usage, m_selector, m_matching_type});
  rdata.insert(rdata.end(), m_data.begin(), m_data.end());
  return rdata;
}

std::string Record::to_text() const {
  std::string text =
      std::to_string(m_usage) + " " + std::to_string(m_selector) + " " + std::to_string(m_matching_type);
  if (!m_data.empty()) text += " " + to_hex(m_data);
  return text;
}

}  // namespace danelaw::tlsa
