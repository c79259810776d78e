// The attempts at one question: what each resolver said last, and which may be asked again, and when. No I/O, no timers.
//
// One that could not be reached may be there in a moment: a daemon that starts anew, a network that comes up, descriptors that are used
// up. It rests, and is asked again a few times; one that refuses is not.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>

#include "base/time.hpp"
#include "dns/answer.hpp"

namespace danelaw::dns {

/// Whom a question may go to: nothing for all of them, or one alone.
using OnlyResolver = std::optional<std::size_t>;

/// Whether a resolver that failed is asked the same again.
enum class Again { InTurn, AfterRest, Never };

class Attempts final {
 public:
  /// For each resolver; whoever is still out of reach after these is so for good.
  static constexpr unsigned max_rests = 3;

  explicit Attempts(std::chrono::milliseconds rest) : m_rest(rest) {}

  /// How often this resolver has been asked before: those times it could not be reached are none.
  unsigned begin(std::size_t resolver) { return m_resolvers[resolver].asked++; }
  /// What came of the attempt that began last.
  void fail(std::size_t resolver, FailedAnswer why, Again again, Deadline now);

  /// At all resolvers together.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] bool may_ask(std::size_t resolver, Deadline now) const;
  /// When the first that rests may be asked; nothing where none does.
  [[nodiscard]] std::optional<Deadline> end_of_rest(OnlyResolver only) const;
  /// What each resolver said last, and of that what weighs most; without a reason where none has failed.
  [[nodiscard]] FailedAnswer failure() const;

 private:
  struct One {
    unsigned asked = 0;
    unsigned rests = 0;
    bool refused = false;  // it is not asked again
    std::optional<Deadline> rests_until = {};
    std::optional<FailedAnswer> said = {};
  };
  const std::chrono::milliseconds m_rest;
  std::map<std::size_t, One> m_resolvers;
};

}  // namespace danelaw::dns
