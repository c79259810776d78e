// The clients of one kind: how many there may be, and where they come from.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>

#include "client.hpp"
#include "listener.hpp"

namespace danelaw::policyd {

class Visitors final {
 public:
  using Maker = std::function<std::shared_ptr<Client>(Descriptor)>;

  Visitors(EventLoop& loop, std::size_t most, Maker maker)
      : m_loop(loop), m_most(most), m_maker(std::move(maker)) {}

  void listen(const std::string& where, Descriptor socket);
  void stop_listening(const std::string& where) { m_listeners.erase(where); }
  void allow(std::size_t most);
  /// Nobody comes any more, and those who are there leave when they have their answers.
  void dismiss();
  [[nodiscard]] std::size_t count() const { return m_clients.size(); }

 private:
  void welcome(Descriptor socket);
  void pause_or_resume();

  EventLoop& m_loop;
  std::size_t m_most;
  const Maker m_maker;
  std::map<std::string, std::unique_ptr<Listener>> m_listeners;
  std::unordered_set<std::shared_ptr<Client>> m_clients;
};

}  // namespace danelaw::policyd
