#include "handshake.hpp"

#include <openssl/err.h>
#include <poll.h>

#include <cerrno>
#include <string>

namespace danelaw::cli {
namespace {

/// What the server had read when it closed, and when we wrote, decides which of these it is. They mean the same.
bool says_closed(unsigned long code) {
  const int reason = ERR_GET_REASON(code);
  if (ERR_SYSTEM_ERROR(code)) return reason == ECONNRESET || reason == EPIPE;
  return ERR_GET_LIB(code) == ERR_LIB_SSL && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

std::string handshake_error() {
  const unsigned long code = ERR_peek_error();
  const char* const reason = code == 0 || says_closed(code) ? nullptr : ERR_reason_error_string(code);
  if (reason != nullptr) return std::string("the TLS handshake failed: ") + reason;
  return "the server closed the connection during the TLS handshake";
}

}  // namespace

void shake_hands(SSL& ssl, Wire& wire) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(&ssl);
    if (result == 1) return;
    switch (SSL_get_error(&ssl, result)) {
      case SSL_ERROR_WANT_READ:
        wire.wait_for(POLLIN);
        break;
      case SSL_ERROR_WANT_WRITE:
        wire.wait_for(POLLOUT);
        break;
      default:
        throw WireError(handshake_error());
    }
  }
}

}  // namespace danelaw::cli
