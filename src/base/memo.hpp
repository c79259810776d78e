// What is found out of an object that does not change any more, once, by whoever needs it first, and stays with it.
//
// A member of that object. It never waits and locks nothing, so any number of threads may need it at once, also in a forked
// child; what it costs then is that two find it out and one result is thrown away.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace danelaw {

template <class Value>
class Memo final {
 public:
  Memo() = default;
  /// The copy of an object is made to be altered: it begins with nothing, also where it is made by moving.
  Memo(const Memo&) noexcept {}
  Memo& operator=(const Memo&) = delete;
  ~Memo() { forget(); }

  /// For whoever has the object alone and has altered it.
  void forget() { delete m_value.exchange(nullptr); }

  /// What `find_out()` says, or has said; valid until forget(). Where it throws nothing is known.
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
