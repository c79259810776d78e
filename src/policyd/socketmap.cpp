#include "socketmap.hpp"

#include <algorithm>

#include "netstring.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::size_t max_reason_octets = 400;

bool is_control(char character) {
  const auto octet = static_cast<unsigned char>(character);
  return octet < 0x20 || octet == 0x7f;
}

}  // namespace

std::optional<Request> request_in(std::string_view content) {
  if (std::any_of(content.begin(), content.end(), is_control)) return std::nullopt;
  const std::size_t space = content.find(' ');
  if (space == 0 || space == std::string_view::npos) return std::nullopt;
  return Request{content.substr(0, space), content.substr(space + 1)};
}

std::string_view to_string(Word word) {
  switch (word) {
    case Word::Ok:
      return "OK";
    case Word::NotFound:
      return "NOTFOUND";
    case Word::Temp:
      return "TEMP";
    case Word::Timeout:
      return "TIMEOUT";
    case Word::Perm:
      return "PERM";
  }
  return "TEMP";
}

std::string to_netstring(const Reply& reply) {
  // Half a list of names would be another policy.
  if (reply.word == Word::Ok && reply.text.size() > max_reply_octets)
    return to_netstring({Word::Temp, "the policy is longer than a reply can be"});
  std::string content(to_string(reply.word));
  content += ' ';
  if (reply.word == Word::Ok)
    content += reply.text;
  else if (reply.word != Word::NotFound)
    content.append(reply.text, 0, max_reason_octets);
  std::replace_if(content.begin(), content.end(), is_control, '?');
  return to_netstring(content);
}

}  // namespace danelaw::policyd
