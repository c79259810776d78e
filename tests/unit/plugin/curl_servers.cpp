#include "curl_servers.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>

#include "pki.hpp"

namespace curl_test {
namespace {

using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

/// Octet by octet, so that nothing of what follows is taken.
std::string read_until(const std::string& end, const std::function<bool(char&)>& next) {
  std::string text;
  char octet = 0;
  while (text.size() < 16384 && !text.ends_with(end) && next(octet)) text += octet;
  return text;
}

std::string read_plain(int fd, const std::string& end) {
  return read_until(end, [fd](char& octet) { return recv(fd, &octet, 1, 0) == 1; });
}
std::string read_tls(SSL* ssl, const std::string& end) {
  return read_until(end, [ssl](char& octet) { return SSL_read(ssl, &octet, 1) == 1; });
}
void write_plain(int fd, const std::string& text) {
  require(send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()), "send");
}
void write_tls(SSL* ssl, const std::string& text) {
  SSL_write(ssl, text.data(), static_cast<int>(text.size()));
}

const std::string tunnel = "HTTP/1.1 200 OK\r\n\r\n";

void serve_page(SSL* ssl) {
  if (SSL_accept(ssl) != 1) return;
  const std::string request = read_tls(ssl, "\r\n\r\n");
  const std::string redirect = "GET /to/";
  std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
  if (request.starts_with(redirect)) {
    const std::string to =
        request.substr(redirect.size(), request.find(' ', redirect.size()) - redirect.size());
    reply = "HTTP/1.1 302 Found\r\nLocation: https://" + to +
            "/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  }
  write_tls(ssl, reply);
  SSL_shutdown(ssl);
}

}  // namespace

Server::Server(Speaks speaks)
    : m_speaks(speaks), m_ctx(SSL_CTX_new(TLS_server_method())), m_listener(socket(AF_INET, SOCK_STREAM, 0)) {
  static const pki::Identity identity = pki::issue({.dns_names = {"www.example"}});
  signal(SIGPIPE, SIG_IGN);
  require(SSL_CTX_use_certificate(m_ctx.get(), identity.certificate.get()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(m_ctx.get(), identity.key.get()) == 1, "key");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  require(bind(m_listener, generic, size) == 0 && listen(m_listener, 8) == 0, "listen");
  require(getsockname(m_listener, generic, &size) == 0, "getsockname");
  m_port = ntohs(address.sin_port);
  m_thread = std::thread([this] { serve(); });
}

Server::~Server() {
  shutdown(m_listener, SHUT_RDWR);
  m_thread.join();
  close(m_listener);
}

void Server::serve() {
  for (int fd = -1; (fd = accept(m_listener, nullptr, nullptr)) >= 0; close(fd)) {
    const timeval patience{5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    try {
      talk(fd);
    } catch (const std::exception&) {
      // The client has gone; the test sees what it got.
    }
  }
}

void Server::talk(int fd) {
  const Ssl ssl(SSL_new(m_ctx.get()), SSL_free);
  SSL_set_fd(ssl.get(), fd);
  if (m_speaks == Speaks::StartTls) {
    write_plain(fd, "220 mail.example\r\n");
    read_plain(fd, "\r\n");
    write_plain(fd, "250-mail.example\r\n250 STARTTLS\r\n");
    read_plain(fd, "\r\n");
    write_plain(fd, "220 go on\r\n");
    SSL_accept(ssl.get());
    return;
  }
  if (m_speaks == Speaks::ConnectProxy) {
    read_plain(fd, "\r\n\r\n");
    write_plain(fd, tunnel);
  }
  if (m_speaks != Speaks::HttpsProxy) return serve_page(ssl.get());

  if (SSL_accept(ssl.get()) != 1) return;
  read_tls(ssl.get(), "\r\n\r\n");
  write_tls(ssl.get(), tunnel);
  const Ssl inner(SSL_new(m_ctx.get()), SSL_free);
  BIO* through = BIO_new(BIO_f_ssl());
  BIO_set_ssl(through, ssl.get(), BIO_NOCLOSE);
  SSL_set_bio(inner.get(), through, through);
  serve_page(inner.get());
}

}  // namespace curl_test
