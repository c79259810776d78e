// The TLS server that `danelaw doctor` sends programs to: on the loopback, with a self-signed certificate for a name that
// nobody asks for. What it counts shows whether a program refused it.
#pragma once

#include <chrono>

#include "handles.hpp"

namespace danelaw::cli {

class TestServer final {
 public:
  /// Throws a Failure with Exit::Undecided where there is no port to be had.
  TestServer();
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] unsigned port() const { return m_port; }

  /// Answers one connection, if any comes within `timeout`. Each step of it is bounded.
  void serve(std::chrono::milliseconds timeout);

  [[nodiscard]] int connections() const { return m_connections; }
  /// Of clients that took the certificate.
  [[nodiscard]] int completed_handshakes() const { return m_completed; }

 private:
  SslContext m_context;
  unsigned m_port = 0;  // known once the listener is there
  int m_listener;
  int m_connections = 0;
  int m_completed = 0;
};

}  // namespace danelaw::cli
