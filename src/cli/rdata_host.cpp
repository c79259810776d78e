#include "rdata_host.hpp"

#include <fmt/format.h>

namespace danelaw::cli {
namespace {

constexpr std::size_t max_label_octets = 63;
constexpr std::size_t max_name_octets = 255;

/// RFC 1035 section 5.1: what would separate labels or end the text is escaped.
std::string label_text(Octets label) {
  std::string text;
  for (const std::uint8_t octet : label) {
    const char c = static_cast<char>(octet);
    const bool is_printable = octet > 0x20 && octet < 0x7F;
    if (!is_printable)
      text += fmt::format("\\{:03}", octet);
    else if (std::string_view(".\\\"();@$").find(c) != std::string_view::npos)
      text += std::string{'\\', c};
    else
      text += c;
  }
  return text;
}

/// All that is left, which must be one name.
std::optional<std::string> name_of(Octets octets) {
  if (octets.size() > max_name_octets) return std::nullopt;
  Cursor cursor(octets);
  std::string name;
  for (;;) {
    const auto length = cursor.number(1);
    if (!length || *length > max_label_octets) return std::nullopt;
    if (*length == 0) break;
    const auto label = cursor.take(*length);
    if (!label) return std::nullopt;
    name += (name.empty() ? "" : ".") + label_text(*label);
  }
  if (!cursor.is_at_end()) return std::nullopt;
  return name.empty() ? "." : name;
}

std::optional<std::uint16_t> take_u16(Cursor& cursor) {
  const auto number = cursor.number(2);
  if (!number) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

}  // namespace

std::optional<MxRdata> mx_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const auto preference = take_u16(cursor);
  const auto exchange = preference ? name_of(cursor.take_rest()) : std::nullopt;
  if (!exchange) return std::nullopt;
  return MxRdata{*preference, *exchange};
}

std::optional<SrvRdata> srv_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const auto priority = take_u16(cursor);
  const auto weight = take_u16(cursor);
  const auto port = take_u16(cursor);
  const auto target = port ? name_of(cursor.take_rest()) : std::nullopt;
  if (!target) return std::nullopt;
  return SrvRdata{*priority, *weight, *port, *target};
}

}  // namespace danelaw::cli
