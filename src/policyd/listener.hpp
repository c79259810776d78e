// Takes connections from one listening socket, as long as there is room for them.
#pragma once

#include <functional>

#include "descriptor.hpp"
#include "event_loop.hpp"

namespace danelaw::policyd {

class Listener final {
 public:
  using Taker = std::function<void(Descriptor)>;

  Listener(EventLoop& loop, Descriptor socket, Taker taker);  ///< throws Failure
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Who comes meanwhile waits in the kernel's queue.
  void pause();
  void resume();

 private:
  void accept_some();
  void rest();

  EventLoop& m_loop;
  const Descriptor m_socket;
  const Taker m_taker;
  bool m_paused = false;
  TimerId m_rest = no_timer;
};

}  // namespace danelaw::policyd
