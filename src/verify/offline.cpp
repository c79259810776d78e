#include <memory>

#include "verify/action.hpp"
#include "verify/dane_engine.hpp"
#include "verify/reference_identifiers.hpp"

namespace danelaw::verify {
namespace {

/// OpenSSL's own default for connections (SSL_CTX_set_security_level).
constexpr int default_security_level = 1;

Verdict out_of_memory(const SharedPlan& plan) {
  Verdict verdict;
  verdict.plan = plan;
  verdict.decision = Undecided{Reason::Engine};
  verdict.verify_result = X509_V_ERR_OUT_OF_MEM;
  return verdict;
}

}  // namespace

Verdict judge_offline(const DaneEngine& engine, STACK_OF(X509) * chain, const SharedPlan& plan,
                      const OfflineSettings& settings) {
  using Store = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;
  using Context = std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)>;
  const Store empty(settings.store == nullptr ? X509_STORE_new() : nullptr, X509_STORE_free);
  X509_STORE* store = settings.store == nullptr ? empty.get() : settings.store;
  const Context ctx(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509* leaf = sk_X509_num(chain) > 0 ? sk_X509_value(chain, 0) : nullptr;
  // libssl, too, hands over the leaf as the first of the untrusted certificates.
  if (store == nullptr || !ctx || X509_STORE_CTX_init(ctx.get(), store, leaf, chain) != 1 ||
      X509_STORE_CTX_set_default(ctx.get(), "ssl_server") != 1)
    return out_of_memory(plan);

  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_auth_level(param, default_security_level);
  if (settings.time) X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(*settings.time));
  if (settings.verify_depth) X509_VERIFY_PARAM_set_depth(param, *settings.verify_depth);
  // No application has set the names that ordinary verification compares: they are the plan's. Where records decide, the
  // engine sets them.
  const bool records_decide = std::holds_alternative<MatchRecords>(action_for(*plan));
  if (!records_decide && !set_reference_identifiers(param, *plan)) return out_of_memory(plan);
  return engine.judge(ctx.get(), plan);
}

}  // namespace danelaw::verify
