#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"
#include "hook/resumption.hpp"
#include "verify/action.hpp"
#include "verify/reference_identifiers.hpp"

namespace danelaw::hook {
namespace {

struct OpensslFree {
  void operator()(char* text) const { OPENSSL_free(text); }
};
struct StoreContextFree {
  void operator()(X509_STORE_CTX* ctx) const { X509_STORE_CTX_free(ctx); }
};

/// The plan, or null where the handshake is to be suspended until it is there.
verify::SharedPlan await_plan(SSL* ssl, Connection& connection) {
  const QuietErrors quiet;
  connection.follow_fork();
  verify::SharedPlan plan = connection.plan(ssl, connection.blocking_until());
  if (plan != nullptr) return plan;
  const bool may_suspend = connection.settings().waiting == Waiting::Retry &&
                           std::chrono::steady_clock::now() < connection.handshake.deadline;
  if (may_suspend && SSL_set_retry_verify(ssl) == 1) return nullptr;
  return connection.too_late();
}

/// RFC 7673 section 4: where the application leaves the name to us, PKIX compares the plan's reference
/// identifiers. The target is one of them only where the SRV RRset is secure.
bool use_srv_names(X509_STORE_CTX* ctx, const Connection& connection, const verify::Plan& plan) {
  if (plan.policy.profile != verify::Profile::Srv || !connection.names.has_set_verified_name()) return true;
  if (!std::holds_alternative<verify::ApplicationDecides>(verify::action_for(plan))) return true;
  if (plan.base_domain.empty()) return true;
  return verify::set_hosts(X509_STORE_CTX_get0_param(ctx), plan.reference_identifiers);
}

tlsa::Usage usage_of(const verify::Authenticated& match, const verify::Plan& plan) {
  return static_cast<tlsa::Usage>(verify::records_of(plan)->entries().at(match.record).record->usage());
}

bool plan_is_own_dane(const verify::Plan& plan) {
  const auto* not_asked = std::get_if<verify::NotAsked>(&plan.evidence);
  return not_asked != nullptr && not_asked->why == verify::NotAsked::Why::OwnDane;
}

/// Mandatory mode is content with the application's own DANE where one of its records has matched.
bool application_has_matched(SSL* ssl, const verify::Plan& plan) {
  return plan.policy.mode != verify::Mode::Mandatory || SSL_get0_dane_authority(ssl, nullptr, nullptr) >= 0;
}

bool is_by_dane_anchor(const verify::Verdict& verdict) {
  const auto* match = std::get_if<verify::Authenticated>(&verdict.decision);
  if (match == nullptr) return false;
  const tlsa::Usage usage = usage_of(*match, *verdict.plan);
  return usage == tlsa::Usage::DaneTa || usage == tlsa::Usage::DaneEe;
}

/// RFC 7671 section 4.2: Certificate Transparency is not asked of peers that DANE-TA or DANE-EE vouches for. libssl would
/// ask it, because it does not see that the path ends in DANE. What is waived cannot be given back, so the SSL can
/// never again connect to a peer of whom the application wants it. False for such a peer.
bool settle_transparency(SSL* ssl, Connection& connection, const verify::Verdict& verdict) {
  if (!is_by_dane_anchor(verdict)) return !connection.transparency_waived;
  if (SSL_ct_is_enabled(ssl) == 0) return true;
  connection.transparency_waived = true;
  return SSL_set_ct_validation_callback(ssl, nullptr, nullptr) == 1;
}

int refuse(X509_STORE_CTX* ctx) {
  X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
  X509_STORE_CTX_set_error_depth(ctx, 0);
  return 0;
}

/// A name that the plan verifies itself: the service's, or the base domain that it is an alias of.
bool is_of_plan(const std::string& host, const verify::Plan& plan) {
  const auto& names = plan.reference_identifiers;
  return std::find(names.begin(), names.end(), server_name_of(host).value_or(host)) != names.end();
}

/// True where the application named nothing else to verify than the plan does, or the certificate carries what it named.
bool carries_application_name(SSL* ssl, X509* leaf, const verify::Plan& plan) {
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  const unsigned flags = X509_VERIFY_PARAM_get_hostflags(param);
  bool found = X509_VERIFY_PARAM_get0_host(param, 0) == nullptr;
  for (int i = 0; const char* host = X509_VERIFY_PARAM_get0_host(param, i); ++i)
    found = found || is_of_plan(host, plan) || X509_check_host(leaf, host, 0, flags, nullptr) == 1;
  const std::unique_ptr<char, OpensslFree> address(X509_VERIFY_PARAM_get1_ip_asc(param));
  return found && (address == nullptr || X509_check_ip_asc(leaf, address.get(), 0) == 1);
}

/// The names that the mail and SRV profiles verify are their RFCs', and nobody else's. Where the generic profile checks
/// names it also keeps to the one that the application has asked OpenSSL to verify, beside the plan's.
bool needs_application_name(SSL* ssl, const Connection& connection, const verify::Verdict& verdict) {
  const auto* match = std::get_if<verify::Authenticated>(&verdict.decision);
  const verify::Policy& policy = verdict.plan->policy;
  if (match == nullptr || policy.profile != verify::Profile::Generic) return false;
  if (connection.names.verified_host_is_ours(ssl)) return false;
  return usage_of(*match, *verdict.plan) != tlsa::Usage::DaneEe || verify::dane_ee_checks_names(policy);
}

verify::Verdict judge(X509_STORE_CTX* ctx, SSL* ssl, Connection& connection, const verify::SharedPlan& plan) {
  if (!use_srv_names(ctx, connection, *plan)) throw std::bad_alloc();
  verify::Verdict verdict = connection.settings().engine->judge(ctx, plan);
  std::optional<verify::Rejected> refused;
  if (needs_application_name(ssl, connection, verdict) &&
      !carries_application_name(ssl, X509_STORE_CTX_get0_cert(ctx), *plan))
    refused = verify::Rejected{verify::Reason::NameMismatch};
  if (verdict.accept && plan_is_own_dane(*plan) && !application_has_matched(ssl, *plan))
    refused = verify::Rejected{verify::Reason::MandatoryWithoutDane};
  if (!refused) return verdict;
  verdict.decision = *refused;
  verdict.accept = false;
  verdict.verify_result = refused->reason == verify::Reason::NameMismatch ? X509_V_ERR_HOSTNAME_MISMATCH
                                                                          : X509_V_ERR_DANE_NO_MATCH;
  X509_STORE_CTX_set_error(ctx, verdict.verify_result);
  X509_STORE_CTX_set_error_depth(ctx, 0);
  return verdict;
}

int verify_server(X509_STORE_CTX* ctx, SSL* ssl, Connection& connection) {
  const bool prepared = connection.handshake.running || connection.policy().mode == verify::Mode::Off;
  if (connection.has_service() && !prepared) {
    connection.conclude_bypassed(ssl, connection.plan_without_records(tlsa::TlsaOutcome()));
    return refuse(ctx);
  }
  const verify::SharedPlan plan = await_plan(ssl, connection);
  if (plan == nullptr) {
    X509_STORE_CTX_set_error(ctx, X509_V_ERR_UNSPECIFIED);  // nobody may read "OK" meanwhile
    return 1;
  }
  forget_promise(connection, *plan);
  verify::Verdict verdict = judge(ctx, ssl, connection, plan);
  const bool undecided_by_us = std::holds_alternative<verify::NotApplicable>(verdict.decision);
  const bool only_for_dane = connection.verification_enforced && SSL_get_verify_mode(ssl) == enforced_mode;
  if (!settle_transparency(ssl, connection, verdict))
    return refuse(ctx);  // without a verdict: none can be relied on
  const bool accept = verdict.accept || (undecided_by_us && only_for_dane);
  connection.handshake.verified = true;
  connection.conclude(ssl, std::move(verdict));
  tag_session(ssl, *connection.verdict);
  return accept ? 1 : 0;
}

}  // namespace

bool judge_presented(SSL* ssl, Connection& connection, const verify::SharedPlan& plan) {
  X509_STORE* store = nullptr;
  if (SSL_get0_verify_cert_store(ssl, &store) != 1 || store == nullptr)
    store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
  const std::unique_ptr<X509_STORE_CTX, StoreContextFree> ctx(X509_STORE_CTX_new());
  if (ctx == nullptr || X509_STORE_CTX_init(ctx.get(), store, SSL_get0_peer_certificate(ssl),
                                            SSL_get_peer_cert_chain(ssl)) != 1)
    throw std::bad_alloc();
  X509_STORE_CTX_set_default(ctx.get(), "ssl_server");
  X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(ctx.get()), SSL_get0_param(ssl));
  verify::Verdict verdict = judge(ctx.get(), ssl, connection, plan);
  const bool accept = verdict.accept;
  connection.handshake.verified = true;
  connection.conclude(ssl, std::move(verdict));
  if (accept) tag_session(ssl, *connection.verdict);
  return accept;
}

int verify_peer(X509_STORE_CTX* ctx, void*) noexcept {
  const DeferredCancellation uncancelled;
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx()));
  try {
    if (ssl == nullptr) return refuse(ctx);
    if (SSL_is_server(ssl) == 1) return X509_verify_cert(ctx) > 0 ? 1 : 0;
    Connection* connection = Connection::find_or_make(ssl);
    return connection == nullptr ? refuse(ctx) : verify_server(ctx, ssl, *connection);
  } catch (...) {
    if (Connection* connection = Connection::find(ssl)) connection->undo_verdict();
    return refuse(ctx);
  }
}

}  // namespace danelaw::hook
