// Servers on 127.0.0.1 for libcurl to talk to, each in a thread of its own.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <thread>

namespace curl_test {

enum class Speaks {
  Https,         ///< a redirect for "/to/HOST:PORT", else a page
  ConnectProxy,  ///< answers CONNECT, and then is the HTTPS server itself
  HttpsProxy,    ///< the same inside of TLS
  StartTls,      ///< SMTP up to the handshake
};

class Server final {
 public:
  explicit Server(Speaks speaks);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::string port() const { return std::to_string(m_port); }

 private:
  void serve();
  void talk(int fd);

  struct Free {
    void operator()(SSL_CTX* ctx) const { SSL_CTX_free(ctx); }
  };
  Speaks m_speaks;
  std::unique_ptr<SSL_CTX, Free> m_ctx;
  int m_listener;
  unsigned m_port = 0;
  std::thread m_thread;
};

}  // namespace curl_test
