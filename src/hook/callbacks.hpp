// The functions that OpenSSL calls. No exception leaves them; every fault of ours fails the handshake.
#pragma once

#include <openssl/ssl.h>

#include "hook/connection.hpp"

namespace danelaw::hook {

/// SSL_CTX_set_info_callback, SSL_set_info_callback: when a handshake starts, SNI and sessions; when it is
/// done, proof that somebody has verified.
void watch_handshake(const SSL* ssl, int where, int ret) noexcept;
/// The same without a client's steps from message to message, for a handshake of which the application does not want to hear.
void watch_coarsely(const SSL* ssl, int where, int ret) noexcept;
[[nodiscard]] bool is_our_watch(InfoCallback info);

/// SSL_CTX_set_cert_verify_callback: the verdict. Returns 1 or 0, never a negative number.
int verify_peer(X509_STORE_CTX* ctx, void*) noexcept;

/// The same verdict on the certificates that the peer has shown, where another callback had the place of verify_peer().
/// False where they are refused.
[[nodiscard]] bool judge_presented(SSL* ssl, Connection& connection, const verify::SharedPlan& plan);

/// The TLS extension that is never sent. It fails a ClientHello which watch_handshake() did not prepare.
constexpr unsigned unsent_extension_type = 65359;  // for private use (RFC 8446 section 11)
constexpr unsigned unsent_extension_context = SSL_EXT_CLIENT_HELLO;
int check_client_hello(SSL* ssl, unsigned type, unsigned context, const unsigned char** out, size_t* octets,
                       X509* certificate, size_t chain_index, int* alert, void*) noexcept;

/// What watch_handshake() does at a handshake's start, for an SSL whose application has put another callback in its place.
void announce(SSL* ssl) noexcept;
/// Puts watch_handshake() in front of the SSL's present info callback, which it calls.
void put_info_callback(SSL* ssl, Connection& connection);

/// SSL_CTX_set_security_callback, for applications that know nothing of us: the last moment before a ClientHello. Decides
/// as the application's callback does, or OpenSSL's.
int check_security(const SSL* ssl, const SSL_CTX* ctx, int operation, int bits, int nid, void* other,
                   void* application_data) noexcept;

/// True where OpenSSL's own rules decide what is secure enough for the SSL, and no application's.
[[nodiscard]] bool has_openssl_security(const SSL* ssl);

/// SSL_VERIFY_PEER, with a flag that means nothing in a client: a mode that the application sets later is told from ours.
constexpr int enforced_mode = SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE;

/// Undoes what a handshake needed of the SSL and nothing after it does.
void give_back_offers(SSL* ssl, Connection& connection);

}  // namespace danelaw::hook
