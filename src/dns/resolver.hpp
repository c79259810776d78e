// The resolver: any number of threads ask, one worker thread runs the engine, answers are cached.
//
// The worker is started by the first question that the cache cannot answer, never before. After a fork the child's
// first question starts a worker of its own. A question ends by its deadline whatever the engine does. Nothing here
// knows what a TLSA record means.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/time.hpp"
#include "dns/answer.hpp"
#include "dns/base_domain.hpp"
#include "dns/engine.hpp"

namespace danelaw::dns {

struct ResolverSettings {
  EngineFactory engine;
  std::chrono::milliseconds deadline{5000};  ///< over a whole lookup, all its questions together
  std::size_t cache_entries = 4096;          ///< answers kept; the least recently used goes first
  WallClock clock = system_seconds;          ///< called from any thread
  std::vector<DnsName> negative_anchors;  ///< RFC 7646: at and below them all is Insecure, nothing is asked
};

/// A lookup in the making; any thread. Dropping it cancels the lookup. In a forked child it begins anew.
template <class T>
class Pending {
 public:
  virtual ~Pending() = default;
  /// Null until it is there, then the same at each call; waits until `until` at most.
  virtual std::shared_ptr<const T> wait(Deadline until) = 0;
  virtual int descriptor() = 0;  ///< readable once wait() has something; -1 where none could be had
};
class PendingTlsa : public Pending<TlsaAnswer> {
 public:
  /// The settled base domain, which may be known before the answer.
  virtual std::optional<DnsName> wait_for_base_domain(Deadline until) = 0;
};

class Resolver {
 public:
  static std::shared_ptr<Resolver> create(ResolverSettings settings);
  virtual ~Resolver() = default;  ///< ends the worker; pending lookups end with LookupFault::Cancelled

  virtual std::shared_ptr<Pending<Answer>> ask(const Question& question) = 0;
  virtual std::shared_ptr<PendingTlsa> look_up(const TlsaQuestion& question) = 0;
  [[nodiscard]] virtual std::chrono::milliseconds deadline() const = 0;
};

}  // namespace danelaw::dns
