#include <openssl/x509_vfy.h>

#include <chrono>
#include <utility>
#include <vector>

#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"
#include "hook/resumption.hpp"
#include "verify/action.hpp"

namespace danelaw::hook {
namespace {

/// The plan, or null where the handshake is to be suspended until it is there.
verify::SharedPlan await_plan(SSL* ssl, Connection& connection) {
  const QuietErrors quiet;
  connection.follow_fork();
  verify::SharedPlan plan = connection.plan(ssl, connection.blocking_until());
  if (plan != nullptr) return plan;
  const bool may_suspend = connection.settings().waiting == Waiting::Retry &&
                           std::chrono::steady_clock::now() < connection.handshake.deadline;
  if (may_suspend && SSL_set_retry_verify(ssl) == 1) return nullptr;
  return connection.lookup->too_late();
}

/// RFC 7673 section 4: where the application leaves the name to us, PKIX compares the plan's reference
/// identifiers. The target is one of them only where the SRV RRset is secure.
bool use_srv_names(X509_STORE_CTX* ctx, const Connection& connection, const verify::Plan& plan) {
  if (plan.policy.profile != verify::Profile::Srv || !connection.names.verified_name_is_ours()) return true;
  if (!std::holds_alternative<verify::ApplicationDecides>(verify::action_for(plan))) return true;
  if (plan.base_domain.empty()) return true;
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx);
  if (X509_VERIFY_PARAM_set1_host(param, nullptr, 0) != 1) return false;
  for (const std::string& name : plan.reference_identifiers)
    if (X509_VERIFY_PARAM_add1_host(param, name.data(), name.size()) != 1) return false;
  return !plan.reference_identifiers.empty();
}

bool is_by_dane_anchor(const verify::Verdict& verdict) {
  const auto* match = std::get_if<verify::Authenticated>(&verdict.decision);
  if (match == nullptr) return false;
  const auto usage = static_cast<tlsa::Usage>(
      verify::records_of(*verdict.plan)->entries().at(match->record).record->usage());
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
  if (!use_srv_names(ctx, connection, *plan)) return refuse(ctx);
  verify::Verdict verdict = connection.settings().engine->judge(ctx, plan);
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
