// Looks for the answer to a question on one shelf after the other, on each for as long as its store may take. The loop's thread goes on
// meanwhile.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dns/event_loop.hpp"
#include "dns/proof_shelf.hpp"

namespace danelaw::dns {

class ProofFinder final {
 public:
  using Id = std::uint64_t;
  using Done = std::function<void(std::optional<Answer>)>;

  /// `shelves` outlive it; they may be made anew, as many as before.
  ProofFinder(EventLoop& loop, std::vector<ProofShelf>& shelves, std::chrono::milliseconds most_patience,
              WallClock clock)
      : m_loop(loop), m_shelves(shelves), m_most_patience(most_patience), m_clock(std::move(clock)) {}
  ~ProofFinder();  ///< drops every search without calling its `done`
  ProofFinder(const ProofFinder&) = delete;
  ProofFinder& operator=(const ProofFinder&) = delete;

  /// `done` is called once, from the loop, or at once where the stores answer at once.
  Id find(const Question& question, Done done);
  /// `done` will not be called, and no further store is asked. Zero, and what has ended, is ignored.
  void cancel(Id id);

 private:
  struct Search {
    Question question;
    Done done;
    std::size_t shelf = 0;
    EventLoop::TimerId patience = 0;
  };

  struct Finding;

  void look(Id id);
  void found(Id id, std::size_t shelf, const std::optional<Buffer>& octets);
  void end(Id id, std::optional<Answer> answer);

  EventLoop& m_loop;
  std::vector<ProofShelf>& m_shelves;
  const std::chrono::milliseconds m_most_patience;  // a lookup must have time left for DNS
  const WallClock m_clock;
  Id m_next = 1;
  std::map<Id, Search> m_searches;
  const std::shared_ptr<ProofFinder*> m_alive = std::make_shared<ProofFinder*>(this);
};

}  // namespace danelaw::dns
