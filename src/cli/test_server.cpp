#include "test_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "exit.hpp"
#include "os/system_errors.hpp"

namespace danelaw::cli {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using std::chrono::steady_clock;

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;

constexpr std::chrono::milliseconds patience = 5s;  // for one connection
constexpr long validity = 3600;                     // seconds
constexpr auto name_nobody_asks_for = "wrong-name.invalid";

/// PostgreSQL's SSLRequest: eight octets, to which "S" is the answer, before TLS.
constexpr std::string_view postgres_request = "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv;

Failure no_server(std::string_view what) {
  return {Exit::Undecided, fmt::format("no TLS server of our own: {}", what)};
}

Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (certificate == nullptr) return nullptr;
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const text = reinterpret_cast<const unsigned char*>(name_nobody_asks_for);
  const bool made = X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -validity) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity) != nullptr &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(certificate.get(), name) == 1 &&
                    X509_set_pubkey(certificate.get(), key) == 1 &&
                    X509_sign(certificate.get(), key, EVP_sha256()) != 0;
  return made ? std::move(certificate) : nullptr;
}

SslContext make_context() {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  const Key key(EVP_EC_gen("P-256"));
  if (context == nullptr || key == nullptr) throw no_server("OpenSSL makes no key");
  const Certificate certificate = make_certificate(key.get());
  if (certificate == nullptr || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    throw no_server("OpenSSL makes no certificate");
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

int listen_on_loopback(unsigned& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t octets = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (listener >= 0 && bind(listener, any, octets) == 0 && listen(listener, 16) == 0 &&
      getsockname(listener, any, &octets) == 0) {
    port = ntohs(address.sin_port);
    return listener;
  }
  const int error = errno;
  if (listener >= 0) close(listener);
  throw no_server(text_of_error(error));
}

bool wait_for(int descriptor, short events, steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  if (left <= 0ms) return false;
  pollfd entry{descriptor, events, 0};
  return poll(&entry, 1, static_cast<int>(left.count())) > 0;
}

/// False where the client goes away or says too little.
bool agree_on_tls(int descriptor, steady_clock::time_point deadline) {
  std::array<char, postgres_request.size()> first{};
  if (!wait_for(descriptor, POLLIN, deadline)) return false;
  const ssize_t octets = recv(descriptor, first.data(), first.size(), MSG_PEEK);
  if (octets <= 0) return false;
  if (std::string_view(first.data(), static_cast<std::size_t>(octets)) != postgres_request) return true;
  return recv(descriptor, first.data(), first.size(), 0) == octets &&
         send(descriptor, "S", 1, MSG_NOSIGNAL) == 1;
}

enum class Wanted { Nothing, ToRead, ToWrite };

Wanted wanted(const SSL* ssl, int result) {
  const int error = SSL_get_error(ssl, result);
  if (error == SSL_ERROR_WANT_READ) return Wanted::ToRead;
  return error == SSL_ERROR_WANT_WRITE ? Wanted::ToWrite : Wanted::Nothing;
}

/// True where the client finished it: with TLS 1.3 and before alike that is after it has judged the certificate.
bool shake_hands(SSL* ssl, int descriptor, steady_clock::time_point deadline) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_accept(ssl);
    if (result == 1) return true;
    const Wanted next = wanted(ssl, result);
    if (next == Wanted::Nothing) return false;
    if (!wait_for(descriptor, next == Wanted::ToRead ? POLLIN : POLLOUT, deadline)) return false;
  }
}

/// For clients of HTTP; others see that it is none of theirs.
void answer(SSL* ssl, int descriptor, steady_clock::time_point deadline) {
  constexpr std::string_view reply = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  std::array<char, 2048> request{};
  int result = 0;
  while ((result = SSL_read(ssl, request.data(), static_cast<int>(request.size()))) <= 0) {
    if (wanted(ssl, result) != Wanted::ToRead || !wait_for(descriptor, POLLIN, deadline)) return;
  }
  SSL_write(ssl, reply.data(), static_cast<int>(reply.size()));
  SSL_shutdown(ssl);
}

bool talk(SSL_CTX* context, int descriptor) {
  const auto deadline = steady_clock::now() + patience;
  if (!agree_on_tls(descriptor, deadline)) return false;
  const Ssl ssl(SSL_new(context));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), descriptor) != 1) return false;
  if (!shake_hands(ssl.get(), descriptor, deadline)) return false;
  answer(ssl.get(), descriptor, deadline);
  return true;
}

}  // namespace

TestServer::TestServer() : m_context(make_context()), m_listener(listen_on_loopback(m_port)) {}

TestServer::~TestServer() { close(m_listener); }

void TestServer::serve(std::chrono::milliseconds timeout) {
  if (!wait_for(m_listener, POLLIN, steady_clock::now() + timeout)) return;
  const int descriptor = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return;
  ++m_connections;
  if (talk(m_context.get(), descriptor)) ++m_completed;
  close(descriptor);
}

}  // namespace danelaw::cli
