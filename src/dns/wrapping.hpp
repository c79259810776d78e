// What lies between a connection's messages and its socket: TLS, or nothing. Octets go in and come out; there is no I/O.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace danelaw::dns {

class Wrapping {
 public:
  enum class Handshake { Running, Done, Failed };

  Wrapping() = default;
  virtual ~Wrapping() = default;
  Wrapping(const Wrapping&) = delete;
  Wrapping& operator=(const Wrapping&) = delete;

  /// From the socket, as it came.
  virtual void take(Bytes octets) = 0;
  /// For the socket, added to `outgoing`.
  virtual void give(Buffer& outgoing) = 0;

  /// As far as what has come allows. Done: the peer is who it must be.
  [[nodiscard]] virtual Handshake shake_hands() = 0;
  /// Why it failed, as it reads after the resolver's name.
  [[nodiscard]] virtual std::string problem() const = 0;

  /// Once hands are shaken: octets of messages, to be sent.
  virtual void write(Bytes octets) = 0;
  /// Likewise: those that have come, added to `incoming`. False where the peer has said that these were the last.
  [[nodiscard]] virtual bool read(Buffer& incoming) = 0;
  /// Likewise: the last word.
  virtual void close() = 0;
};

/// TCP as it is.
[[nodiscard]] std::unique_ptr<Wrapping> no_wrapping();

}  // namespace danelaw::dns
