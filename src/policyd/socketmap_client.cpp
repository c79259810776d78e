#include "socketmap_client.hpp"

#include <memory>
#include <variant>

#include "netstring.hpp"
#include "socketmap.hpp"

namespace danelaw::policyd {

void SocketmapClient::take(std::string& input) {
  m_is_taking = true;
  std::size_t used = 0;
  bool goes_on = true;
  while (goes_on && has_room()) {
    const auto next = first_netstring(std::string_view(input).substr(used), max_request_octets);
    if (const auto* const found = std::get_if<Netstring>(&next)) {
      ask(found->content);
      used += found->octets;
      made_progress();
      continue;
    }
    goes_on = false;
    if (const auto* const broken = std::get_if<NoNetstring>(&next)) {
      m_replies.push_back(to_netstring(Reply{Word::Perm, std::string("no netstring: ") + broken->why}));
      read_no_more();
      used = 0;
    }
  }
  input.erase(0, used);
  m_is_taking = false;
  send_what_is_next();
}

void SocketmapClient::ask(std::string_view content) {
  const std::uint64_t number = m_first + m_replies.size();
  m_replies.emplace_back();
  const auto request = request_in(content);
  if (!request) return put(number, {Word::Perm, "not NAME, a space and KEY"});
  // The client may be gone when the answer comes.
  const std::weak_ptr<Client> client = weak_from_this();
  m_desk.ask(request->key, [client, number](const Reply& reply) {
    if (const auto still = client.lock()) static_cast<SocketmapClient&>(*still).put(number, reply);
  });
}

void SocketmapClient::put(std::uint64_t number, const Reply& reply) {
  m_replies[number - m_first] = to_netstring(reply);
  if (m_is_taking) return;
  send_what_is_next();
  resume();
}

void SocketmapClient::send_what_is_next() {
  for (; !m_replies.empty() && !m_replies.front().empty(); ++m_first) {
    send(m_replies.front());
    m_replies.pop_front();
  }
}

}  // namespace danelaw::policyd
