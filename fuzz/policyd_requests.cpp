// What a mail server sends to danelaw-policyd: netstrings, requests in them, keys in those; and a request for metrics.
#include <string>
#include <string_view>
#include <variant>

#include "fuzz_assert.hpp"
#include "policyd/endpoint.hpp"
#include "policyd/http.hpp"
#include "policyd/key.hpp"
#include "policyd/netstring.hpp"
#include "policyd/socketmap.hpp"

using namespace danelaw::policyd;

namespace {

bool is_control(char character) {
  const auto octet = static_cast<unsigned char>(character);
  return octet < 0x20 || octet == 0x7f;
}

bool has_control(std::string_view text) {
  for (const char character : text)
    if (is_control(character)) return true;
  return false;
}

void check_request(std::string_view content) {
  const auto request = request_in(content);
  if (!request) return;
  FUZZ_ASSERT(std::string(request->map) + " " + std::string(request->key) == content);
  FUZZ_ASSERT(!request->map.empty() && !has_control(content));
  const Key key = key_of(request->key);
  FUZZ_ASSERT(key.next_hop.empty() ? !key.is_domain : key_of(key.next_hop).next_hop == key.next_hop);
  FUZZ_ASSERT(!key.is_domain || key.next_hop.front() != '[');
  // Whatever is said about it stays one netstring of printable text.
  const std::string reply = to_netstring(Reply{Word::Temp, std::string(request->key) + "\n"});
  const auto again = first_netstring(reply, max_reply_octets);
  FUZZ_ASSERT(std::holds_alternative<Netstring>(again));
  FUZZ_ASSERT(std::get<Netstring>(again).octets == reply.size());
  FUZZ_ASSERT(!has_control(std::get<Netstring>(again).content));
}

/// Cut at any place, or read in one go: the same netstrings.
void check_netstrings(std::string_view octets) {
  while (true) {
    const auto next = first_netstring(octets, max_request_octets);
    if (std::holds_alternative<Unfinished>(next)) {
      FUZZ_ASSERT(octets.size() <= max_request_octets + 6);  // what is kept of a client is bounded
      return;
    }
    if (std::holds_alternative<NoNetstring>(next)) return;
    const auto& found = std::get<Netstring>(next);
    FUZZ_ASSERT(found.content.size() <= max_request_octets);
    FUZZ_ASSERT(to_netstring(found.content) == octets.substr(0, found.octets));
    FUZZ_ASSERT(std::holds_alternative<Unfinished>(
        first_netstring(octets.substr(0, found.octets - 1), max_request_octets)));
    check_request(found.content);
    octets.remove_prefix(found.octets);
  }
}

void check_http(std::string_view octets) {
  const auto found = http_request_in(octets);
  if (std::holds_alternative<HttpUnfinished>(found)) FUZZ_ASSERT(octets.size() <= max_http_octets);
  if (const auto* const get = std::get_if<HttpGet>(&found))
    FUZZ_ASSERT(octets.starts_with("GET " + std::string(get->path) + " HTTP/1."));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  check_netstrings(octets);
  check_request(octets);
  check_http(octets);
  if (const auto endpoint = endpoint_from_text(octets))
    FUZZ_ASSERT(endpoint_from_text(to_string(*endpoint)) == endpoint);
  return 0;
}
