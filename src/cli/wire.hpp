// A TCP connection of which every wait ends by a deadline, with a bounded reader for what is said before TLS.
//
// Everything that goes wrong is a WireError with one line for people.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include "addresses.hpp"

namespace danelaw::cli {

class WireError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Wire final {
 public:
  static constexpr std::size_t max_line_octets = 8192;
  /// All that a server may say in plain text, greeting and capabilities included.
  static constexpr std::size_t max_plaintext_octets = 65536;

  /// Connects, waiting `timeout` at most.
  Wire(const Address& address, std::chrono::milliseconds timeout);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// From here on waits end after `timeout`, all together; `step` says what timed out, and is a literal.
  void begin_step(const char* step, std::chrono::milliseconds timeout);

  void send(std::string_view octets);
  /// Up to the next line feed; without it and without the carriage return before it.
  [[nodiscard]] std::string read_line();
  /// Up to and with the next `last`.
  [[nodiscard]] std::string read_through(char last);
  [[nodiscard]] std::string read_exactly(std::size_t octets);

  /// True where the peer has sent octets that nobody has read.
  [[nodiscard]] bool has_unread() const;

  /// Waits for poll(2)'s `events`.
  void wait_for(short events);

  [[nodiscard]] int descriptor() const { return m_descriptor; }
  /// Our own address, as RFC 5321 section 4.1.3 writes it: "[192.0.2.1]", "[IPv6:2001:db8::1]".
  [[nodiscard]] std::string own_address_literal() const;

 private:
  void fill();

  int m_descriptor;
  const char* m_step = "";
  std::chrono::steady_clock::time_point m_deadline;
  std::string m_unread;
  std::size_t m_received = 0;
};

}  // namespace danelaw::cli
