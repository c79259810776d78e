// Where other threads leave work for an event loop. It may outlive the loop: what is posted then is forgotten.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace danelaw::dns {

class WakeUp;

class Mailbox final {
 public:
  using Action = std::function<void()>;

  explicit Mailbox(const WakeUp& owner) : m_owner(&owner) {}

  /// `action` runs once, from the loop. Any thread.
  void post(Action action);

  /// The loop's: what has been posted since, and its end.
  [[nodiscard]] std::vector<Action> take();
  void close();

 private:
  std::mutex m_mutex;
  const WakeUp* m_owner;  // null: the loop is gone
  std::vector<Action> m_posted;
};

}  // namespace danelaw::dns
