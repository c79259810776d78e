// OpenSSL's callbacks: prefetch, SNI, verification, session tags. Nothing here knows DNS: it is given a plan
// source.
//
// What is attached: the SSL_CTX's certificate verify callback, a client extension that is never sent but
// shows that our handshake-start hook ran, extension 59 where servers are asked for their proofs (dnssec_chain.hpp), and
// info callbacks, on the SSL_CTX and per SSL, that chain to the application's. SSLs in the server's role are left alone. The application must still: set its own info
// callback before it names the service, and check SSL_connect().
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/time.hpp"
#include "verify/dane_engine.hpp"
#include "verify/plan_source.hpp"

namespace danelaw::hook {

/// What happens while a plan is not there yet.
enum class Waiting {
  Block,  ///< the handshake waits, bounded by the source's patience
  Retry,  ///< the handshake is suspended: SSL_ERROR_WANT_RETRY_VERIFY; the application polls the descriptor
};
/// What a verdict means where the application asked for no verification (SSL_VERIFY_NONE).
enum class VerifyNone { Respect, Enforce };
/// Whose SNI is sent. The base domain that is matched is always the one that was (RFC 7671 section 7).
enum class ServerName {
  BaseDomain,  ///< it becomes the TLSA base domain, aliases are chased
  Own,         ///< the application's stays, and only the service as named is a candidate
};

/// Whether servers are asked to prove their records in the handshake (RFC 9102). An application that has extension 59
/// itself keeps it, and nothing is offered.
enum class DnssecChain { Off, Offer };

/// What may be said for one SSL as for all of its SSL_CTX.
struct ConnectionSettings {
  verify::Policy policy;
  VerifyNone verify_none = VerifyNone::Respect;
  ServerName server_name = ServerName::BaseDomain;
  DnssecChain dnssec_chain =
      DnssecChain::Off;  ///< can be offered only where the SSL_CTX's attachment says so
};

struct AttachSettings : ConnectionSettings {
  Waiting waiting = Waiting::Block;
  std::shared_ptr<verify::PlanSource> source;        ///< may be null: only plans set per SSL
  std::shared_ptr<const verify::DaneEngine> engine;  ///< never null
  WallClock clock = system_seconds;

  /// Called once for each verdict, in the handshake's thread; an exception fails the handshake.
  std::function<void(SSL*, const verify::Verdict&)> on_verdict;

  /// Who knows the service of an SSL for which the application named none. Called when a first handshake starts; calls
  /// configure(), set_source() and set_service(), or does not. Its problem fails the handshake before the
  /// ClientHello.
  std::function<Result<std::monostate>(SSL*)> name_service;
};

/// Once per SSL_CTX. Our state is freed with it. An attachment that leaves the naming to `name_service` gives way to a
/// later one, the application's own.
Result<std::monostate> attach(SSL_CTX* ctx, AttachSettings settings);

/// Before the handshake. Sets SNI and, where the application named nothing to verify, that name; starts the
/// lookup. On failure the SSL is as before. An SSL that was cleared may be given another service: nothing of
/// the old stays.
Result<std::monostate> set_service(SSL* ssl, const verify::Service& service);
/// Overrides the context's settings for this SSL, from now on; a lookup that runs already is made again. Fault::State
/// where a plan was handed over whose policy says otherwise.
Result<std::monostate> configure(SSL* ssl, const ConnectionSettings& settings);
/// Overrides the context's source for the services that this SSL is named from now on.
Result<std::monostate> set_source(SSL* ssl, std::shared_ptr<verify::PlanSource> source);
/// A plan made by the application, instead of set_service(); its policy decides. Before the handshake.
Result<std::monostate> set_plan(SSL* ssl, verify::SharedPlan plan);

/// Puts our callbacks in their places again, whatever the application has set there since the attachment. Before the
/// handshake.
Result<std::monostate> watch(SSL* ssl);

/// True once set_service() or set_plan() succeeded.
[[nodiscard]] bool has_service(const SSL* ssl);
/// Null before a verdict was reached. Valid until the SSL is freed, another service is set or a handshake
/// starts.
[[nodiscard]] const verify::Verdict* verdict(const SSL* ssl);
/// The pending plan's descriptor, or -1. Lives until the handshake is over; another may take its place when
/// the handshake starts, so ask again before each poll.
[[nodiscard]] int descriptor(const SSL* ssl);
/// How long the plan may still be waited for: all of the source's patience before the handshake, zero where
/// nothing is waited for.
[[nodiscard]] std::chrono::milliseconds patience(const SSL* ssl);
/// True where a handshake that starts or continues now would not wait or be suspended for the plan.
[[nodiscard]] bool plan_is_ready(const SSL* ssl);

}  // namespace danelaw::hook
