// The seam: something that answers questions with DNSSEC status. Behind it stands getdns in RECURSING mode
// (recursing_engine.hpp), or resolvers with our own validator (stub_engine.hpp).
//
// An Engine lives in one thread, the one that runs its EventLoop, and is never touched from another. It never
// blocks: ask() returns at once and the answer comes through `done`, from the loop, exactly once unless cancelled.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "dns/answer.hpp"

namespace danelaw::dns {

class Engine {
 public:
  using Ticket = std::uint64_t;
  using Done = std::function<void(Answer)>;

  Engine() = default;
  virtual ~Engine() = default;  ///< drops every question in flight without calling its `done`
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// `done` may be called before ask() returns.
  virtual Ticket ask(const Question& question, Done done) = 0;

  /// The question's `done` will not be called any more. Unknown or finished tickets are ignored.
  virtual void cancel(Ticket ticket) = 0;

  /// What the failure is if there is no more time, and with what reason; nothing where there is only that.
  [[nodiscard]] virtual std::optional<FailedAnswer> failure_so_far(Ticket) const { return std::nullopt; }
};

class EventLoop;
/// Called in the resolver's own thread (again in a forked child, and again after a failure). Null where the engine cannot
/// be had; `failure` is then the answer to every question. The loop outlives the engine.
using EngineFactory = std::function<std::unique_ptr<Engine>(EventLoop& loop, FailedAnswer& failure)>;

}  // namespace danelaw::dns
