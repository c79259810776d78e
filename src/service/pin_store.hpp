// Pins in memory, and in a file where one is named, which any number of processes may share: written whole under a lock and put
// in place at once. Any thread; a forked child goes on with what its parent knew, unless a thread was just at it.
//
// A file that cannot be read or written costs only what other processes know: a pin is kept in memory all the same.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>

#include "service/pins.hpp"

namespace danelaw::service {

class PinStore final {
 public:
  /// Without a path in memory only.
  explicit PinStore(std::string path);
  ~PinStore();
  PinStore(const PinStore&) = delete;
  PinStore& operator=(const PinStore&) = delete;

  [[nodiscard]] bool holds(const verify::Service& service, EpochSeconds now);
  /// A server that promises anew at every handshake moves the end only once an hour.
  void set(const verify::Service& service, EpochSeconds end, EpochSeconds now);
  void drop(const verify::Service& service, EpochSeconds now);

 private:
  struct State;
  State& state();

  const std::string m_path;
  std::atomic<State*> m_state;
};

}  // namespace danelaw::service
