// Where requests meet answers: answers that are still good, searches on their way, and those that wait for a place.
//
// However many ask for one domain, one search answers them. Everything that clients can multiply has a limit; past it the
// answer is a temporary failure, which costs time and no protection.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "search.hpp"

namespace danelaw::policyd {

struct DeskLimits {
  std::size_t domains = 50'000;  ///< answers kept; the least recently used goes first
  std::size_t searches = 128;    ///< at once
  [[nodiscard]] std::size_t queued() const { return 8 * searches; }  ///< domains that wait for a search
};
/// Requests that wait for an answer, whoever asked.
inline constexpr std::size_t max_waiting = 65'536;

struct Account;

/// Hears of everything that is answered; for counting.
class DeskWatcher {
 public:
  virtual ~DeskWatcher() = default;
  /// A search has ended. What is returned is given with every answer that comes of it.
  virtual std::shared_ptr<const Account> found(const Finding& finding) = 0;
  virtual void answered(const Reply& reply, const Account* account, std::chrono::microseconds after) = 0;
};

class Desk final {
 public:
  using Done = std::function<void(const Reply&)>;

  Desk(EventLoop& loop, Sources sources, DeskLimits limits, DeskWatcher& watcher);

  /// `done` is called once, perhaps before this returns.
  void ask(std::string_view text, Done done);

  /// From now on by these; what was found before is forgotten, and searches on their way end as they began.
  void use(Sources sources, DeskLimits limits);

  [[nodiscard]] const Sources& sources() const { return m_sources; }
  [[nodiscard]] std::size_t kept() const { return m_kept.size(); }
  [[nodiscard]] std::size_t in_flight() const { return m_searches.size(); }
  [[nodiscard]] std::size_t waiting() const { return m_waiting; }

 private:
  struct Waiter {
    Done done;
    Clock::time_point since;
  };
  struct Job {
    Key key;
    std::uint64_t generation = 0;
    std::vector<Waiter> waiters;
    std::unique_ptr<Search> search;  // null while it waits for a place
  };
  struct Outcome {
    Reply reply;
    std::shared_ptr<const Account> account;
  };
  struct Kept {
    Outcome outcome;
    std::int64_t expires = 0;
    std::list<const std::string*>::iterator place;
  };

  void answer(const Outcome& outcome, const Waiter& waiter);
  std::optional<Outcome> kept(const std::string& next_hop);
  void keep(const std::string& next_hop, const Outcome& outcome, std::int64_t expires);
  void start_next();
  void start(Job& job);
  void end(const std::string& next_hop, Finding finding);

  EventLoop& m_loop;
  Sources m_sources;
  DeskLimits m_limits;
  DeskWatcher& m_watcher;
  std::uint64_t m_generation = 0;
  std::size_t m_waiting = 0;
  std::size_t m_running = 0;
  bool m_starting = false;
  std::unordered_map<std::string, Job> m_searches;
  std::deque<std::string> m_queue;
  std::unordered_map<std::string, Kept> m_kept;
  std::list<const std::string*> m_used;  // keys of m_kept, the last used first
};

}  // namespace danelaw::policyd
