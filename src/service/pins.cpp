#include "service/pins.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/dns_name.hpp"
#include "service/pin_shares.hpp"

namespace danelaw::service {
namespace {

constexpr std::string_view first_line = "danelaw pins 1";

/// Up to the next `end`, which is taken too; nothing where there is none.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

/// In decimal, as to_text() writes it: no sign, no leading zero.
template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text)
    return std::nullopt;
  return value;
}

bool is_host(std::string_view text) {
  const auto name = DnsName::from_text(text);
  return name && name->is_host_name() && name->to_text() == text;
}

struct Line {
  verify::Service service;
  EpochSeconds end = 0;
};

std::optional<Line> line_from(std::string_view text) {
  const auto host = take_until(text, ' ');
  const auto port = take_until(text, ' ');
  const auto transport = take_until(text, ' ');
  if (!host || !port || !transport || !is_host(*host)) return std::nullopt;
  const auto port_number = number<std::uint16_t>(*port);
  const auto known_transport = tlsa::transport_from_text(*transport);
  const auto end = number<EpochSeconds>(text);
  if (!port_number || *port_number == 0 || !known_transport || !end || *end <= 0) return std::nullopt;
  return Line{{std::string(*host), *port_number, *known_transport}, *end};
}

}  // namespace

std::optional<Pins> Pins::from_text(std::string_view text) {
  if (text.size() > max_pin_file_octets || take_until(text, '\n') != first_line) return std::nullopt;
  Pins pins;
  while (!text.empty()) {
    const auto whole = take_until(text, '\n');
    const auto line = whole ? line_from(*whole) : std::nullopt;
    if (!line || pins.size() == max_pins || pins.end_of(line->service) != 0) return std::nullopt;
    pins.set(line->service, line->end);
  }
  return pins;
}

std::string Pins::to_text() const {
  std::string text(first_line);
  text += '\n';
  for (const auto& [key, end] : m_ends) {
    const auto& [host, port, transport] = key;
    text += host + " " + std::to_string(port) + " " + std::string(tlsa::to_string(transport)) + " " +
            std::to_string(end) + "\n";
  }
  return text;
}

EpochSeconds Pins::end_of(const verify::Service& service) const {
  const auto found = m_ends.find(key_of(service));
  return found == m_ends.end() ? 0 : found->second;
}

void Pins::set(const verify::Service& service, EpochSeconds end) {
  m_ends[key_of(service)] = end;
  keep_within_limit();
}

void Pins::drop(const verify::Service& service) { m_ends.erase(key_of(service)); }

void Pins::drop_ended(EpochSeconds now) {
  std::erase_if(m_ends, [now](const auto& pin) { return pin.second <= now; });
}

void Pins::add(const Pins& others) {
  for (const auto& [key, end] : others.m_ends) m_ends[key] = std::max(m_ends[key], end);
  keep_within_limit();
}

void Pins::keep_within_limit() {
  if (m_ends.size() <= max_pins) return;
  std::vector<PinShare> shares;
  std::vector<decltype(m_ends)::iterator> pins;
  for (auto pin = m_ends.begin(); pin != m_ends.end(); ++pin) {
    shares.push_back({std::get<std::string>(pin->first), pin->second});
    pins.push_back(pin);
  }
  for (const std::size_t index : giving_way(shares, m_ends.size() - max_pins)) m_ends.erase(pins[index]);
}

}  // namespace danelaw::service
