// One connection to Redis or Valkey, on the event loop. Whoever asks gets a reply soon or none.
//
// Where no reply comes within the time allowed, or the connection ends, or what comes is not the protocol, the store is away: all who
// wait get none, whoever asks then gets none at once, and it is tried again after a pause that grows from one second to thirty. It
// is back when it has answered a PING in time.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "event_loop.hpp"
#include "redis_protocol.hpp"
#include "redis_settings.hpp"

namespace danelaw::policyd {

/// Commands without a reply yet; past it whoever asks gets none.
inline constexpr std::size_t most_commands = 1024;
/// Octets that wait to be sent.
inline constexpr std::size_t most_unsent_octets = 4 * 1024 * 1024;
/// Of a reply that is not whole yet, and what came after it.
inline constexpr std::size_t most_reply_octets = 128 * 1024;

class RedisClient final {
 public:
  using Done = std::function<void(const RedisReply* reply)>;  ///< null: there is none
  /// Why it is away, when it goes; nothing when it is back.
  using Watcher = std::function<void(const std::optional<std::string>& why)>;

  RedisClient(EventLoop& loop, RedisSettings settings, Watcher watcher);
  ~RedisClient();  ///< whoever waits gets no reply
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  /// `done` is called once, perhaps before this returns. It must not ask again there.
  void send(const std::string& command, Done done);
  [[nodiscard]] bool is_up() const { return m_state == State::Up; }

 private:
  enum class State { First, Trying, Up, Away };  ///< First: trying, and whoever asks may wait for it
  struct Asked {
    Done done;
    Clock::time_point since;
  };

  void connect();
  void greet();
  void put(const std::string& command, Done done);
  void on_events(std::uint32_t events);
  void flush();
  void receive();
  void take_replies();
  void watch_time();
  void fail(const std::string& why);
  void close();

  EventLoop& m_loop;
  const RedisSettings m_settings;
  const Watcher m_watcher;
  State m_state = State::First;
  Descriptor m_socket;
  bool m_writing = false;
  std::string m_unsent;
  std::optional<RedisReader> m_reader;
  std::deque<Asked> m_asked;
  TimerId m_timer = no_timer;  // until the first reply is due, or until it is tried again
  std::chrono::milliseconds m_pause;
  Clock::time_point m_up_since;
};

}  // namespace danelaw::policyd
