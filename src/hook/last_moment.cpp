#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"

namespace danelaw::hook {
namespace {

/// Another took the info callback's place after the attachment: its handshakes start without us.
void take_place_again(SSL* ssl) {
  if (is_our_watch(SSL_get_info_callback(ssl))) return;
  Connection* connection = Connection::find_or_make(ssl);
  if (connection == nullptr) return;
  put_info_callback(ssl, *connection);
  announce(ssl);
}

}  // namespace

int check_security(const SSL* ssl, const SSL_CTX* ctx, int operation, int bits, int nid, void* other,
                   void* application_data) noexcept {
  // The version is looked at first of all that a handshake does, and at times by those who only ask: then the handshake's
  // own start does all this again.
  if (operation == SSL_SECOP_VERSION && ssl != nullptr && SSL_in_before(ssl) == 1 &&
      SSL_is_server(ssl) == 0) {
    const QuietErrors quiet;
    try {
      take_place_again(const_cast<SSL*>(ssl));
    } catch (...) {
      return 0;
    }
  }
  const SharedAttachment attachment = ctx != nullptr ? attachment_of(ctx) : attachment_of(ssl);
  if (attachment == nullptr || attachment->application_security == nullptr) return 0;
  return attachment->application_security(ssl, ctx, operation, bits, nid, other, application_data);
}

bool has_openssl_security(const SSL* ssl) {
  const SharedAttachment attachment = attachment_of(ssl);
  if (attachment == nullptr) return false;
  const SecurityCallback present = SSL_get_security_callback(ssl);
  const bool is_ours = present == check_security;
  return (is_ours ? attachment->application_security : present) == attachment->openssl_security;
}

}  // namespace danelaw::hook
