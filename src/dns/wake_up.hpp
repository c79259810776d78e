// A descriptor that becomes readable when somebody calls.
//
// A pair of sockets and no eventfd: sockets can be told from what the host opens under the same numbers, and send()
// never writes into a file, even one that takes the number between our look at it and the call.
#pragma once

#include <memory>

#include "dns/own_descriptor.hpp"

namespace danelaw::dns {

class WakeUp final {
 public:
  /// Null, with errno, where the system has no descriptors left.
  static std::unique_ptr<WakeUp> create();

  /// Readable from the first call() until drain().
  [[nodiscard]] int descriptor() const { return m_hearer.number(); }
  /// Nothing where the host has closed our descriptors. Any thread.
  void call() const;
  void drain() const;
  [[nodiscard]] bool is_ours() const { return m_hearer.is_ours() && m_caller.is_ours(); }

 private:
  WakeUp(int hearer, int caller) : m_hearer(hearer), m_caller(caller) {}

  const OwnDescriptor m_hearer;
  const OwnDescriptor m_caller;
};

}  // namespace danelaw::dns
