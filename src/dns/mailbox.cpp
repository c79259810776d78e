#include "dns/mailbox.hpp"

#include <utility>

#include "dns/wake_up.hpp"

namespace danelaw::dns {

void Mailbox::post(Action action) {
  const std::lock_guard lock(m_mutex);
  if (m_owner == nullptr) return;
  m_posted.push_back(std::move(action));
  m_owner->call();
}

std::vector<Mailbox::Action> Mailbox::take() {
  const std::lock_guard lock(m_mutex);
  return std::exchange(m_posted, {});
}

void Mailbox::close() {
  const std::lock_guard lock(m_mutex);
  m_owner = nullptr;
  m_posted.clear();
}

}  // namespace danelaw::dns
