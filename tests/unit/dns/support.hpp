// What the tests of dns share: answers in short words, and an engine that follows a script.
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "dns/answer.hpp"
#include "dns/engine.hpp"
#include "dns/event_loop.hpp"

namespace danelaw::dns::test {

inline constexpr EpochSeconds the_time = 1'800'000'000;
inline constexpr EpochSeconds in_an_hour = the_time + 3600;

inline DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }
inline Question question(std::string_view text, RrType type) { return {name(text), type}; }

/// A validated RRset at `owner`; `data` is only there to be told from others.
inline Answer secure(std::string_view owner, std::uint8_t data = 1, EpochSeconds expires = in_an_hour) {
  return SecureRrset{name(owner), {Buffer{3, 1, data}}, 60, expires};
}
inline Answer denied(std::string_view owner, EpochSeconds expires = in_an_hour) {
  return SecureDenial{name(owner), false, expires};
}
/// Unsigned somewhere behind aliases.
inline Answer insecure(EpochSeconds expires = in_an_hour) {
  return InsecureAnswer{"unsigned", expires, true};
}
/// The very name is unsigned.
inline Answer unsigned_itself(EpochSeconds expires = in_an_hour) {
  return InsecureAnswer{"unsigned", expires, false};
}
inline Answer failed(tlsa::LookupFault fault) { return FailedAnswer{fault, "as scripted"}; }

/// What a scripted engine does, and what it saw. Shared by the engines of one test, but not with those of a forked child,
/// which may find the mutex locked for ever.
struct Script {
  std::map<Question, Answer> answers;  ///< one that is not here is never answered
  std::chrono::milliseconds delay{0};  ///< before each answer
  bool answer_within_ask = false;      ///< `done` is called before ask() returns
  bool no_engine = false;              ///< the factory has none to give

  const pid_t process = getpid();
  std::atomic<int> engines{0};
  std::atomic<int> asked{0};
  std::atomic<int> cancelled{0};
  std::atomic<int> open{0};
  std::mutex mutex;
  std::map<Question, int> times;  ///< each question, by how often it was asked

  int times_asked(const Question& which) {
    const std::lock_guard lock(mutex);
    return times[which];
  }
};

class ScriptedEngine final : public Engine {
 public:
  ScriptedEngine(EventLoop& loop, std::shared_ptr<Script> script)
      : m_loop(loop), m_script(std::move(script)) {}
  ~ScriptedEngine() override {
    for (const auto& [ticket, timer] : m_timers) m_loop.cancel(timer);
    m_script->open -= static_cast<int>(m_open.size());
  }

  Ticket ask(const Question& asked, Done done) override {
    {
      const std::lock_guard lock(m_script->mutex);
      ++m_script->times[asked];
    }
    ++m_script->asked;
    const auto answer = m_script->answers.find(asked);
    const Ticket ticket = ++m_last;
    if (answer != m_script->answers.end() && m_script->answer_within_ask) {
      done(answer->second);
      return ticket;
    }
    ++m_script->open;
    m_open[ticket] = true;
    if (answer == m_script->answers.end()) return ticket;
    const auto when = std::chrono::steady_clock::now() + m_script->delay;
    m_timers[ticket] = m_loop.call_at(when, [this, ticket, done, text = answer->second] {
      close(ticket);
      done(text);
    });
    return ticket;
  }

  void cancel(Ticket ticket) override {
    if (m_open.count(ticket) == 0) return;
    ++m_script->cancelled;
    if (m_timers.count(ticket) != 0) m_loop.cancel(m_timers[ticket]);
    close(ticket);
  }

 private:
  void close(Ticket ticket) {
    m_open.erase(ticket);
    m_timers.erase(ticket);
    --m_script->open;
  }

  EventLoop& m_loop;
  const std::shared_ptr<Script> m_script;
  Ticket m_last = 0;
  std::map<Ticket, bool> m_open;
  std::map<Ticket, EventLoop::TimerId> m_timers;
};

inline std::shared_ptr<Script> copy_for_child(const Script& script) {
  auto copy = std::make_shared<Script>();
  copy->answers = script.answers;
  copy->delay = script.delay;
  copy->answer_within_ask = script.answer_within_ask;
  return copy;
}

inline EngineFactory scripted(std::shared_ptr<Script> script) {
  return [script](EventLoop& loop, FailedAnswer& failure) -> std::unique_ptr<Engine> {
    ++script->engines;
    const bool ours = script->process == getpid();
    if (!script->no_engine)
      return std::make_unique<ScriptedEngine>(loop, ours ? script : copy_for_child(*script));
    failure = {tlsa::LookupFault::NoTrustAnchor, "as scripted"};
    return nullptr;
  };
}

}  // namespace danelaw::dns::test
