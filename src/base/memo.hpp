// What is found out of an immutable object once, by whoever needs it first, and stays with it.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace danelaw {

/// A member of the object. Any number of threads; nothing waits, also after a fork: two that need it at once both find it out,
/// and the first result stays.
template <class Value>
class Memo final {
 public:
  Memo() = default;
  /// The copy of an object is made to be altered: it begins with nothing, also where it is made by moving.
  Memo(const Memo&) noexcept {}
  Memo& operator=(const Memo&) = delete;
  ~Memo() { delete m_value.load(); }

  /// What `find_out()` says, or has said; valid as long as this lives. Where it throws nothing is known.
  template <class FindOut>
  const Value& get(FindOut&& find_out) const {
    if (const Value* known = m_value.load(std::memory_order_acquire)) return *known;
    auto found = std::make_unique<const Value>(std::forward<FindOut>(find_out)());
    const Value* first = nullptr;
    if (!m_value.compare_exchange_strong(first, found.get())) return *first;
    return *found.release();
  }

 private:
  mutable std::atomic<const Value*> m_value = nullptr;
};

}  // namespace danelaw
