// The server's own proof in the handshake (RFC 9102): extension 59 is offered, what comes back is judged, and what a server
// promises is kept.
//
// A chain is asked for only where the service's own name is sent as SNI (section 2.1) and nothing is known of its records
// when the ClientHello leaves. Whatever is wrong with an answer is no fault of the handshake: it proves nothing, and DNS
// decides as if none had come.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "verify/chain_judge.hpp"

namespace danelaw::hook {

class Connection;

/// What belongs to one handshake.
struct ServedChain {
  std::optional<bool> offered;  ///< decided once: the ClientHello after a HelloRetryRequest says the same
  std::array<std::uint8_t, 2> port{};  ///< what is sent (RFC 9102 section 2.3)
  bool came = false;
  std::optional<verify::ProvenPlan> proven;
  std::string problem;  ///< why what came proves nothing
};

inline constexpr unsigned chain_extension_type = 59;
inline constexpr unsigned chain_extension_context =
    SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE;

/// For SSL_CTX_add_custom_ext().
int offer_chain(SSL* ssl, unsigned type, unsigned context, const unsigned char** out, std::size_t* octets,
                X509* certificate, std::size_t chain_index, int* alert, void*) noexcept;
int take_chain(SSL* ssl, unsigned type, unsigned context, const unsigned char* in, std::size_t octets,
               X509* certificate, std::size_t chain_index, int* alert, void*) noexcept;

/// `plan` as a promise of the server leaves it: a failed lookup must not be taken for absence where a chain was promised
/// (RFC 9102 section 7). Says also what was wrong with the chain.
[[nodiscard]] verify::SharedPlan held_to_promise(const Connection& connection, verify::SharedPlan plan);

/// Whatever the plan came from, where it proves that there is nothing to promise.
void forget_promise(const Connection& connection, const verify::Plan& plan);
/// At the end of a handshake.
void keep_promise(const Connection& connection);

/// For people: what became of the offer; empty where there was none.
[[nodiscard]] std::string account_of(const ServedChain& chain, const verify::Plan& plan);

}  // namespace danelaw::hook
