#include "dns/idn.hpp"

#include <getdns/getdns.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace danelaw::dns {
namespace {

Problem no_host_name(std::string_view text, std::string_view why) {
  return Problem{Fault::Name, quoted(text) + " is no host name: " + std::string(why)};
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char octet) { return (octet & '\x80') == 0; });
}

/// RFC 5894 section 7.2: characters that IDNA2003 mapped to others and IDNA2008 keeps (sharp s, final sigma, the
/// joiners). Programs disagree about which name they make, so we guess none.
bool is_ambiguous(std::string_view text) {
  constexpr std::array<std::string_view, 5> deviations{"\u00DF", "\u1E9E", "\u03C2", "\u200C", "\u200D"};
  return std::any_of(deviations.begin(), deviations.end(), [text](std::string_view character) {
    return text.find(character) != std::string_view::npos;
  });
}

/// Empty where getdns makes no A-label of it.
std::string to_a_labels(const std::string& text) {
  const std::unique_ptr<char, decltype(&std::free)> made(getdns_convert_ulabel_to_alabel(text.c_str()),
                                                         std::free);
  return made ? made.get() : "";
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_octets = 80;
  std::string shown;
  for (const char octet : text.substr(0, shown_octets))
    shown += static_cast<unsigned char>(octet) < 0x20 || octet == 0x7F ? '?' : octet;
  return "\"" + shown + (text.size() > shown_octets ? "…\"" : "\"");
}

Result<DnsName> host_name_from_text(std::string_view text) {
  if (text.empty()) return no_host_name(text, "it is empty");
  if (text.find('\0') != std::string_view::npos) return no_host_name(text, "it holds a NUL");
  std::string ascii(text);
  if (!is_ascii(text)) {
    if (is_ambiguous(text))
      return no_host_name(text, "standards disagree about its A-label: name that one (xn--…)");
    ascii = to_a_labels(ascii);
    if (ascii.empty() || !is_ascii(ascii))
      return no_host_name(text, "it cannot be written in A-labels (RFC 5891)");
  }
  auto name = DnsName::from_text(ascii);
  if (!name) return no_host_name(text, name.problem().text);
  if (!name->is_host_name())
    return no_host_name(text, "host names are made of letters, digits, hyphens, underscores and dots");
  return name;
}

}  // namespace danelaw::dns
