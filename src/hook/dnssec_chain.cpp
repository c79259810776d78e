#include "hook/dnssec_chain.hpp"

#include <memory>
#include <utility>

#include "hook/connection.hpp"
#include "hook/quiet_errors.hpp"
#include "hook/session_tag.hpp"

namespace danelaw::hook {
namespace {

/// RFC 9102 section 3: "tcp" for TLS servers, "udp" for DTLS servers; there is no word for others.
bool fits_transport(SSL* ssl, const verify::Service& service) {
  const auto transport = SSL_is_dtls(ssl) == 1 ? tlsa::Transport::Udp : tlsa::Transport::Tcp;
  return service.transport == transport;
}

/// R9102-3a: port and name are the originals, and the name is the SNI.
bool should_offer(SSL* ssl, Connection& connection) {
  if (!connection.lookup || !connection.handshake.running) return false;
  if (connection.chosen().dnssec_chain != DnssecChain::Offer || does_own_dane(ssl)) return false;
  const std::string& server_name = connection.handshake.server_name;
  if (server_name.empty() || server_name != connection.lookup->own_server_name()) return false;
  return fits_transport(ssl, connection.lookup->service()) && connection.lookup->wants_chain();
}

bool offers(SSL* ssl) {
  Connection* connection = Connection::find(ssl);
  if (connection == nullptr) return false;
  connection->follow_fork();
  ServedChain& chain = connection->handshake.chain;
  if (!chain.offered) chain.offered = should_offer(ssl, *connection);
  if (!*chain.offered) return false;
  const std::uint16_t port = connection->lookup->service().port;
  chain.port = {static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)};
  return true;
}

/// Where it throws it is as if no chain had come: what may fail is done before anything is used.
void take(Connection& connection, Bytes extension_data) {
  connection.follow_fork();
  ServedChain& chain = connection.handshake.chain;
  chain.came = true;
  auto proven = connection.lookup->judge_chain(extension_data);
  if (!proven) {
    chain.problem = proven.problem().text;
    return;
  }
  forget_promise(connection, *proven->plan);
  connection.lookup->use_chain(proven->plan);
  chain.proven = *std::move(proven);
}

bool proves_nothing_to_promise(const verify::Plan& plan) {
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence);
  if (outcome == nullptr) return false;
  return std::holds_alternative<tlsa::SecureAbsent>(*outcome) ||
         std::holds_alternative<tlsa::Insecure>(*outcome);
}

verify::ChainJudge* judge_of(const Connection& connection) {
  if (!connection.lookup || connection.chosen().dnssec_chain != DnssecChain::Offer) return nullptr;
  return connection.lookup->chain_judge();
}

/// True where the server was authenticated by what its chain says, from wherever the records came.
bool vouched_by(const verify::ProvenPlan& proven, const verify::Verdict& verdict) {
  const auto* authenticated = std::get_if<verify::Authenticated>(&verdict.decision);
  if (authenticated == nullptr || authenticated->reason != verify::Reason::Matched) return false;
  if (verdict.plan == proven.plan) return true;
  return binding_of(*proven.plan) == binding_of(*verdict.plan);
}

}  // namespace

int offer_chain(SSL* ssl, unsigned, unsigned context, const unsigned char** out, std::size_t* octets, X509*,
                std::size_t, int* alert, void*) noexcept {
  if ((context & SSL_EXT_CLIENT_HELLO) == 0 || SSL_is_server(ssl) == 1) return 0;
  const QuietErrors quiet;
  const DeferredCancellation uncancelled;
  try {
    if (!offers(ssl)) return 0;
    const ServedChain& chain = Connection::find(ssl)->handshake.chain;
    *out = chain.port.data();
    *octets = chain.port.size();
    return 1;
  } catch (...) {
    *alert = SSL_AD_INTERNAL_ERROR;
    return -1;
  }
}

int take_chain(SSL* ssl, unsigned, unsigned, const unsigned char* in, std::size_t octets, X509*,
               std::size_t chain_index, int*, void*) noexcept {
  // RFC 9102 section 2.2: with the end-entity certificate. What stands elsewhere, or was not asked for, is nobody's.
  if (SSL_is_server(ssl) == 1 || chain_index != 0) return 1;
  const QuietErrors quiet;
  const DeferredCancellation uncancelled;
  Connection* connection = Connection::find(ssl);
  if (connection == nullptr) return 1;
  ServedChain& chain = connection->handshake.chain;
  if (!chain.offered.value_or(false) || chain.came || !connection->lookup) return 1;
  try {
    take(*connection, Bytes(in, octets));
  } catch (...) {  // see take()
  }
  return 1;
}

verify::SharedPlan held_to_promise(const Connection& connection, verify::SharedPlan plan) {
  const tlsa::LookupError* error = plan == nullptr ? nullptr : verify::lookup_error_of(*plan);
  const ServedChain& chain = connection.handshake.chain;
  if (error == nullptr) return plan;
  verify::ChainJudge* judge = judge_of(connection);
  const bool promised = judge != nullptr && judge->is_pinned(plan->service);
  if (!promised && chain.problem.empty()) return plan;

  std::string reason = error->reason;
  if (promised) reason += "; the server has promised to prove its records in the handshake, and did not";
  if (!chain.problem.empty()) reason += "; its DNSSEC chain proves nothing: " + chain.problem;
  auto held = std::make_shared<verify::Plan>(*plan);
  held->evidence = tlsa::TlsaOutcome(tlsa::LookupError{error->fault, std::move(reason)});
  if (promised) held->policy.lookup_errors = verify::LookupErrors::Fail;
  return held;
}

void forget_promise(const Connection& connection, const verify::Plan& plan) {
  verify::ChainJudge* judge = judge_of(connection);
  if (judge != nullptr && proves_nothing_to_promise(plan)) judge->unpin(plan.service);
}

void keep_promise(const Connection& connection) {
  const auto& proven = connection.handshake.chain.proven;
  verify::ChainJudge* judge = judge_of(connection);
  if (judge == nullptr || !proven || !connection.verdict) return;
  if (vouched_by(*proven, *connection.verdict)) judge->pin(proven->plan->service, proven->support_lifetime);
}

std::string account_of(const ServedChain& chain, const verify::Plan& plan) {
  if (!chain.offered.value_or(false)) return {};
  if (!chain.came) return "the server sent none";
  if (!chain.proven) return "proves nothing: " + (chain.problem.empty() ? "no memory left" : chain.problem);
  const std::string what = "proves " + std::string(verify::evidence_name(*chain.proven->plan));
  if (&plan == chain.proven->plan.get()) return what;
  return what + (verify::lookup_error_of(plan) == nullptr ? ", which DNS had answered already"
                                                          : ", which is not enough here");
}

}  // namespace danelaw::hook
