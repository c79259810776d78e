// Answers kept in memory: bounded, the least recently used goes first, nothing past its expiry. Any number of threads.
//
// What is kept are answers to single questions, so that TTLs and signatures of each count for it alone. Failures are
// never kept.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "dns/answer.hpp"

namespace danelaw::dns {

class AnswerCache final {
 public:
  explicit AnswerCache(std::size_t entries) : m_limit(entries) {}

  /// Null where nothing is known any more at `now`.
  [[nodiscard]] std::shared_ptr<const Answer> find(const Question& question, EpochSeconds now);
  void keep(const Question& question, const Answer& answer, EpochSeconds now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    Question question;
    std::shared_ptr<const Answer> answer;
    EpochSeconds kept = 0;  // a clock that was set back makes entries older than themselves, not younger
    EpochSeconds expires = 0;
  };
  using Entries = std::list<Entry>;  // most recently used first

  void drop(Entries::iterator entry);

  const std::size_t m_limit;
  mutable std::mutex m_mutex;
  Entries m_entries;
  std::map<Question, Entries::iterator> m_index;
};

}  // namespace danelaw::dns
