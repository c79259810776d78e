#include "visitors.hpp"

#include <algorithm>

namespace danelaw::policyd {

std::unique_ptr<Listener> Visitors::listener_of(Descriptor socket) {
  return std::make_unique<Listener>(m_loop, std::move(socket),
                                    [this](Descriptor taken) { welcome(std::move(taken)); });
}

void Visitors::listen_at_given(Descriptor socket) {
  m_given.push_back(listener_of(std::move(socket)));
  pause_or_resume();
}

Visitors::Sockets Visitors::open(const std::vector<Endpoint>& endpoints, mode_t mode) const {
  Sockets opened;
  if (!m_given.empty()) return opened;
  for (const Endpoint& endpoint : endpoints) {
    const bool is_open =
        std::any_of(m_own.begin(), m_own.end(), [&](const auto& own) { return own.first == endpoint; });
    if (!is_open) opened.emplace_back(endpoint, policyd::listen_at(endpoint, mode));
  }
  return opened;
}

void Visitors::listen_at(const std::vector<Endpoint>& endpoints, Sockets opened) {
  std::erase_if(m_own, [&](const auto& own) {
    const bool stays = std::find(endpoints.begin(), endpoints.end(), own.first) != endpoints.end();
    // The file of a Unix socket goes with it.
    if (!stays && !own.first.path.empty()) unlink(own.first.path.c_str());
    return !stays;
  });
  for (auto& [endpoint, socket] : opened) m_own.emplace_back(endpoint, listener_of(std::move(socket)));
  pause_or_resume();
}

void Visitors::allow(std::size_t most) {
  m_most = most;
  pause_or_resume();
}

void Visitors::dismiss() {
  listen_at({}, {});
  m_given.clear();
  const std::vector<std::shared_ptr<Client>> all(m_clients.begin(), m_clients.end());
  for (const auto& client : all) client->leave();
}

void Visitors::welcome(Descriptor socket) {
  const auto client = m_maker(std::move(socket));
  const std::weak_ptr<Client> weak = client;
  const bool started = client->start([this, weak] {
    m_clients.erase(weak.lock());
    pause_or_resume();
  });
  if (!started) return;
  m_clients.insert(client);
  pause_or_resume();
}

void Visitors::pause_or_resume() {
  const bool full = m_clients.size() >= m_most;
  const auto each = [full](Listener& listener) { full ? listener.pause() : listener.resume(); };
  for (const auto& listener : m_given) each(*listener);
  for (const auto& own : m_own) each(*own.second);
}

}  // namespace danelaw::policyd
