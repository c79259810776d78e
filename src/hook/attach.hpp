// OpenSSL's callbacks: prefetch, SNI, verification, session tags. Nothing here knows DNS: it is given a plan
// source.
//
// What is attached: the SSL_CTX's certificate verify callback, a client extension that is never sent but
// shows that our handshake-start hook ran, and info callbacks, on the SSL_CTX and per SSL, that chain to the
// application's. SSLs in the server's role are left alone. The application must still: set its own info
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

struct AttachSettings {
  verify::Policy policy;
  Waiting waiting = Waiting::Block;
  VerifyNone verify_none = VerifyNone::Respect;
  std::shared_ptr<verify::PlanSource> source;        ///< may be null: only plans set per SSL
  std::shared_ptr<const verify::DaneEngine> engine;  ///< never null
  WallClock clock = system_seconds;

  /// Called once for each verdict, in the handshake's thread; an exception fails the handshake.
  std::function<void(SSL*, const verify::Verdict&)> on_verdict;
};

/// Once per SSL_CTX. Our state is freed with it.
Result<std::monostate> attach(SSL_CTX* ctx, AttachSettings settings);

/// Before the handshake. Sets SNI and, where the application named nothing to verify, that name; starts the
/// lookup. On failure the SSL is as before. An SSL that was cleared may be given another service: nothing of
/// the old stays.
Result<std::monostate> set_service(SSL* ssl, const verify::Service& service);
/// Overrides the context's policy for this SSL, from now on; a lookup that runs already is made again. Fault::State where a
/// plan was handed over that says otherwise. A plan that was
/// handed over keeps its own.
Result<std::monostate> set_policy(SSL* ssl, const verify::Policy& policy);
/// A plan made by the application, instead of set_service(); its policy decides. Before the handshake.
Result<std::monostate> set_plan(SSL* ssl, verify::SharedPlan plan);

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
