// The clients of one kind: where they come in, and how many there may be.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "client.hpp"
#include "endpoint.hpp"
#include "listener.hpp"

namespace danelaw::policyd {

class Visitors final {
 public:
  using Maker = std::function<std::shared_ptr<Client>(Descriptor)>;
  using Sockets = std::vector<std::pair<Endpoint, Descriptor>>;

  Visitors(EventLoop& loop, std::size_t most, Maker maker)
      : m_loop(loop), m_most(most), m_maker(std::move(maker)) {}

  /// A socket that somebody else has opened. Where there is one, endpoints do not count.
  void listen_at_given(Descriptor socket);
  /// Sockets for those endpoints that nobody listens at yet. Throws Failure.
  [[nodiscard]] Sockets open(const std::vector<Endpoint>& endpoints, mode_t mode) const;
  /// From now on these endpoints and no others; `opened` are the new ones among them.
  void listen_at(const std::vector<Endpoint>& endpoints, Sockets opened);

  void allow(std::size_t most);
  /// Nobody comes any more, and those who are there leave when they have their answers.
  void dismiss();
  [[nodiscard]] std::size_t count() const { return m_clients.size(); }

 private:
  void welcome(Descriptor socket);
  void pause_or_resume();
  std::unique_ptr<Listener> listener_of(Descriptor socket);

  EventLoop& m_loop;
  std::size_t m_most;
  const Maker m_maker;
  std::vector<std::unique_ptr<Listener>> m_given;
  std::vector<std::pair<Endpoint, std::unique_ptr<Listener>>> m_own;
  std::unordered_set<std::shared_ptr<Client>> m_clients;
};

}  // namespace danelaw::policyd
