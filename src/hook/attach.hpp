// OpenSSL's callbacks: prefetch, SNI, verification, session tags. Nothing here knows DNS: it is given a plan source.
//
// What is attached: the SSL_CTX's certificate verify callback, a client extension that is never sent but shows that
// our handshake-start hook ran, and per SSL an info callback that chains to the application's.
// The application must still: set its own info callback before it names the service.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "base/result.hpp"
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
  std::shared_ptr<verify::PlanSource> source;              ///< may be null: only plans set per SSL
  std::shared_ptr<const verify::DaneEngine> engine;        ///< never null
  WallClock clock = system_seconds;
  std::function<void(const verify::Verdict&)> on_verdict;  ///< called in the handshake's thread; must not throw
};

/// Once per SSL_CTX. Our state is freed with it.
Result<std::monostate> attach(SSL_CTX* ctx, AttachSettings settings);

/// Before the handshake. Sets SNI and starts the lookup.
Result<std::monostate> set_service(SSL* ssl, const verify::Service& service);
/// Overrides the context's policy for this SSL; before set_service().
Result<std::monostate> set_policy(SSL* ssl, const verify::Policy& policy);
/// A plan made by the application, instead of the source's. Before the handshake.
Result<std::monostate> set_plan(SSL* ssl, verify::SharedPlan plan);

/// Null before a verdict was reached. Valid until the SSL is freed or another service is set.
[[nodiscard]] const verify::Verdict* verdict(const SSL* ssl);
/// The pending plan's descriptor, or -1.
[[nodiscard]] int descriptor(const SSL* ssl);
/// True where a handshake that starts or continues now would not wait or be suspended for the plan.
[[nodiscard]] bool plan_is_ready(const SSL* ssl);

}  // namespace danelaw::hook
