// OpenSSL's DANE engine, driven on a chain, online and offline with the same code, and held against our own
// matcher.
//
// Path building, signatures, dates and names are OpenSSL's. The records live in an SSL of our own that never
// connects, so the application's SSL is not altered and keeps whatever DANE state it has. For every
// acceptance second_opinion.hpp recomputes the match; disagreement is Undecided. Answers RFC 6698 section 4.1
// and RFC 7671 section 5.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/time.hpp"
#include "verify/plan.hpp"
#include "verify/verdict.hpp"

namespace danelaw::verify {

/// Make one and keep it: it owns the SSL_CTX that the scratch connections come from. Any number of threads.
class DaneEngine final {
 public:
  static Result<std::shared_ptr<const DaneEngine>> create();

  /// Judges the chain in `ctx` by `plan`, doing what the outcome table asks: DANE, the application's own
  /// verification as `ctx` is set up for it, or failure. On return ctx's error is the verdict's verify_result
  /// and its parameters and callback are as before, so that libssl and the host see an ordinary verification.
  /// The error queue is as before unless the application's own verification added to it. `ctx` must not have
  /// been used before. What it leaves in the plan (kept_ssl.hpp) keeps the engine's SSL_CTX alive.
  [[nodiscard]] Verdict judge(X509_STORE_CTX* ctx, const SharedPlan& plan) const;

  /// An SSL_CTX as OpenSSL makes it: its callbacks and defaults are nobody's. Lives as long as the engine.
  [[nodiscard]] const SSL_CTX* untouched_context() const { return m_scratch; }

  ~DaneEngine();
  DaneEngine(const DaneEngine&) = delete;
  DaneEngine& operator=(const DaneEngine&) = delete;

 private:
  explicit DaneEngine(SSL_CTX* scratch) : m_scratch(scratch) {}
  SSL_CTX* m_scratch;
};

/// How an offline verification is set up; everything that decides is a parameter.
struct OfflineSettings {
  X509_STORE* store = nullptr;       ///< the only trust store; null: none at all
  std::optional<EpochSeconds> time;  ///< null: now
  std::optional<int> verify_depth;   ///< null: OpenSSL's default
};

/// Judges a chain without a connection. `chain` leaf first, as the peer would send it; may be empty or null.
[[nodiscard]] Verdict judge_offline(const DaneEngine& engine, STACK_OF(X509) * chain, const SharedPlan& plan,
                                    const OfflineSettings& settings);

}  // namespace danelaw::verify
