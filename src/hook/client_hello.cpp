#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"
#include "hook/session_tag.hpp"

namespace danelaw::hook {
namespace {

/// True where watch_handshake() has prepared this ClientHello, or the one that a HelloRetryRequest has
/// repeated.
bool was_announced(SSL* ssl, Handshake& handshake) {
  const Handshake::Random random = client_random(ssl);
  if (!handshake.announced) return handshake.hello_random == random;
  handshake.announced = false;
  handshake.hello_random = random;
  return true;
}

/// True where nothing rests on the hook that did not run: no service to authenticate, and no session that
/// vouches for one.
bool is_harmless(SSL* ssl, const Connection& connection) {
  if (connection.settings().name_service && !connection.has_service())
    return false;  // nobody was asked who it is
  if (connection.policy().mode == verify::Mode::Off) return true;
  if (connection.has_service() || connection.policy().mode == verify::Mode::Mandatory) return false;
  const auto tag = tag_of(SSL_get_session(ssl));
  if (!tag) return true;
  const auto plan = connection.plan_without_records(verify::NotAsked{verify::NotAsked::Why::NoService});
  return tag->allows(*plan, connection.settings().clock());
}

/// Nearly always so, and nothing is left in OpenSSL's error queue.
bool is_prepared(SSL* ssl) {
  Connection* connection = Connection::find(ssl);
  return connection != nullptr && !connection->refused && was_announced(ssl, connection->handshake);
}

bool may_send(SSL* ssl) {
  Connection* connection = Connection::find_or_make(ssl);
  if (connection == nullptr) return false;
  if (connection->refused) {
    connection->conclude_refused(ssl);
    return false;
  }
  if (is_harmless(ssl, *connection)) return true;
  connection->conclude_bypassed(ssl, connection->plan_without_records(tlsa::TlsaOutcome()));
  return false;
}

}  // namespace

int check_client_hello(SSL* ssl, unsigned, unsigned context, const unsigned char**, size_t*, X509*, size_t,
                       int* alert, void*) noexcept {
  if ((context & SSL_EXT_CLIENT_HELLO) == 0) return 0;
  if (is_prepared(ssl)) return 0;
  const QuietErrors quiet;
  try {
    if (may_send(ssl)) return 0;
  } catch (...) {
    // As where the hook did not run.
  }
  *alert = SSL_AD_INTERNAL_ERROR;
  return -1;
}

}  // namespace danelaw::hook
