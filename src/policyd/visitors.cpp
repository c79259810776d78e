#include "visitors.hpp"

#include <utility>
#include <vector>

namespace danelaw::policyd {

void Visitors::listen(const std::string& where, Descriptor socket) {
  m_listeners[where] = std::make_unique<Listener>(m_loop, std::move(socket),
                                                  [this](Descriptor taken) { welcome(std::move(taken)); });
  pause_or_resume();
}

void Visitors::allow(std::size_t most) {
  m_most = most;
  pause_or_resume();
}

void Visitors::dismiss() {
  m_listeners.clear();
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
  for (const auto& entry : m_listeners) full ? entry.second->pause() : entry.second->resume();
}

}  // namespace danelaw::policyd
