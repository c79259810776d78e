#include <chrono>
#include <utility>

#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"
#include "hook/resumption.hpp"
#include "verify/action.hpp"

namespace danelaw::hook {
namespace {

/// The application's own SNI goes out; where it has none, the service's name does, because that is what is matched.
void keep_server_name(SSL* ssl, Connection& connection) {
  const char* own = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  // Before a handshake OpenSSL may answer with the name of the session that is offered; what is sent must be set.
  const std::string name = own != nullptr ? own : connection.lookup->own_server_name();
  if (is_address_literal(name))
    return;  // no base domain (RFC 6066 section 3), and the application's own business
  connection.handshake.server_name = server_name_of(name).value_or(name);
  if (name.empty() || connection.lookup->policy().mode == verify::Mode::Off) return;
  const bool done =
      own != nullptr ? OwnNames::confirm_server_name(ssl, name) : connection.names.set_server_name(ssl, name);
  if (!done) throw std::bad_alloc();
}

/// SNI := the TLSA base domain, as far as it may be waited for (decision 0011).
void set_server_name(SSL* ssl, Connection& connection) {
  if (connection.chosen().server_name == ServerName::Own) return keep_server_name(ssl, connection);
  Lookup& lookup = *connection.lookup;
  Handshake& handshake = connection.handshake;
  const bool may_wait = connection.settings().waiting == Waiting::Block;
  auto name = lookup.server_name(may_wait ? handshake.deadline : no_waiting);
  if (!name && !may_wait) lookup.restrict_to_host();
  handshake.server_name = name.value_or(lookup.own_server_name());
  if (handshake.server_name.empty() || lookup.policy().mode == verify::Mode::Off) return;
  if (!connection.names.set_server_name(ssl, handshake.server_name)) throw std::bad_alloc();
}

/// What a record has to be matched with must be verified, whatever the application asked for.
void enforce_verification(SSL* ssl, Connection& connection) {
  if (connection.chosen().verify_none != VerifyNone::Enforce) return;
  if (SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) return;
  SSL_set_verify(ssl, enforced_mode, SSL_get_verify_callback(ssl));
  connection.verification_enforced = true;
}

/// Suites without a certificate stay only where it is known already that none will be asked for.
void withdraw_anonymous_suites(SSL* ssl, Connection& connection) {
  const bool forbidden = SSL_get_security_level(ssl) > 0 && has_openssl_security(ssl);
  if (forbidden || !AnonymousSuites::are_listed(ssl)) return;
  const verify::SharedPlan plan = connection.plan(ssl, no_waiting);
  if (plan != nullptr) {
    const verify::Action action = verify::action_for(*plan);
    if (std::holds_alternative<verify::ApplicationDecides>(action)) return;
    if (std::holds_alternative<verify::EncryptOnly>(action)) return;
  }
  connection.anonymous_suites.withdraw(ssl);
}

void drop_unfit_session(SSL* ssl, Connection& connection) {
  SSL_SESSION* session = SSL_get_session(ssl);
  if (session == nullptr) return;
  const verify::SharedPlan plan = connection.plan(ssl, no_waiting);
  if (may_offer(session, plan.get(), connection.handshake.time)) return;
  if (SSL_set_session(ssl, nullptr) != 1) throw std::bad_alloc();
}

enum class Start { First, Renegotiation };

/// Asks whoever attached us for the service that the application has not named. False where the handshake must not go
/// on.
bool name_service(SSL* ssl, Connection& connection) {
  connection.refused.reset();
  if (!connection.settings().name_service) return true;
  if (connection.has_service() && !connection.named_by_callback) return true;
  connection.lookup.reset();  // of an earlier handshake, perhaps with somebody else
  connection.names.take_back(ssl);
  const auto named = connection.settings().name_service(ssl);
  connection.named_by_callback = true;
  if (!named) connection.refused = named.problem().text;
  return named.ok();
}

/// Takes no other's place.
void choose_watch(SSL* ssl, InfoCallback watch) {
  const InfoCallback present = SSL_get_info_callback(ssl);
  if (is_our_watch(present) && present != watch) SSL_set_info_callback(ssl, watch);
}

/// Whom OpenSSL would have called without us.
InfoCallback application_info(const SSL* ssl, const Connection* connection) {
  if (connection != nullptr && connection->application_info != nullptr) return connection->application_info;
  const InfoCallback of_context = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl));
  if (of_context != nullptr && !is_our_watch(of_context)) return of_context;
  const SharedAttachment attachment = attachment_of(ssl);
  return attachment == nullptr ? nullptr : attachment->application_info;
}

void start_handshake(SSL* ssl, Connection* connection, Start start) {
  if (connection == nullptr) connection = Connection::find_or_make(ssl);
  if (connection == nullptr) return;
  give_back_offers(ssl, *connection);
  if (start == Start::First && !name_service(ssl, *connection)) {
    connection->handshake = Handshake();
    return;
  }
  Handshake& handshake = connection->handshake = Handshake();
  if (start == Start::First) {
    connection->killed = false;
    connection->verdict.reset();
  }
  if (connection->killed) return;  // a renegotiation cannot revive it: its ClientHello is refused

  handshake.running = true;
  handshake.former_random = client_random(ssl);
  handshake.application_info = application_info(ssl, connection);
  choose_watch(ssl, handshake.application_info == nullptr ? watch_coarsely : watch_handshake);
  handshake.time = connection->settings().clock();
  if (connection->lookup) {
    if (start == Start::First)
      connection->lookup->handshake_is_over();  // the last one may have ended in failure
    connection->lookup->renew_if_stale(handshake.time);
    handshake.deadline = std::chrono::steady_clock::now() + connection->lookup->patience();
    set_server_name(ssl, *connection);
    withdraw_anonymous_suites(ssl, *connection);
  }
  enforce_verification(ssl, *connection);
  // WARNING SSL_set_session() in a renegotiation would take the connection's keys away. A session that is
  // resumed there is looked at when the handshake is done.
  if (start == Start::First) drop_unfit_session(ssl, *connection);
  handshake.announced = true;
}

void on_start(SSL* ssl, Connection* connection) {
  // With early data OpenSSL announces the same handshake twice; the second time its state is neither of
  // these.
  const OSSL_HANDSHAKE_STATE state = SSL_get_state(ssl);
  if (state == TLS_ST_BEFORE) start_handshake(ssl, connection, Start::First);
  if (state == TLS_ST_OK) start_handshake(ssl, connection, Start::Renegotiation);
}

/// Nothing can be read or written any more, and the host finds a verification error.
void kill(SSL* ssl, int verify_result) {
  SSL_set_verify_result(ssl, verify_result);
  SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  if (Connection* connection = Connection::find(ssl)) connection->killed = true;
}

void kill_bypassed(SSL* ssl, Connection& connection, verify::SharedPlan plan) {
  kill(ssl, X509_V_ERR_APPLICATION_VERIFICATION);
  connection.conclude_bypassed(ssl, std::move(plan));
}

verify::Verdict verdict_without_verification(SSL* ssl, verify::Decision decision, verify::SharedPlan plan) {
  verify::Verdict verdict;
  verdict.decision = decision;
  verdict.plan = std::move(plan);
  verdict.verify_result = static_cast<int>(SSL_get_verify_result(ssl));
  verdict.accept = true;
  return verdict;
}

/// Who asks for the service at the handshake's start serves an application that does not know that its verify callback
/// keeps us out. That callback has judged the peer as it likes; we judge the same certificates besides, and where we refuse
/// them the connection ends.
bool is_judged_afterwards(SSL* ssl, const Connection& connection) {
  return connection.settings().name_service && SSL_get0_peer_certificate(ssl) != nullptr;
}

/// Our verify callback did not run. What did the outcome ask for?
struct Unverified {
  SSL* ssl;
  Connection& connection;
  verify::SharedPlan plan;
  Resumption resumption;

  void operator()(const verify::ApplicationDecides& why) const { not_applicable(why.reason); }
  void operator()(const verify::EncryptOnly&) const { not_applicable(verify::Reason::NoUsableRecord); }
  void operator()(const verify::MatchRecords&) const {
    if (resumption == Resumption::Allowed) {
      constexpr auto no_record = static_cast<std::size_t>(-1);
      const verify::Authenticated resumed{verify::Reason::Resumed, no_record, -1, {}};
      connection.conclude(ssl, verdict_without_verification(ssl, resumed, plan));
      return;
    }
    if (is_judged_afterwards(ssl, connection)) return judge_afterwards();
    fail(verify::Fail{verify::Rejected{verify::Reason::NoCertificate}});
  }
  void operator()(const verify::Fail& failure) const {
    if (is_judged_afterwards(ssl, connection)) return judge_afterwards();
    fail(failure);
  }

 private:
  void judge_afterwards() const {
    if (judge_presented(ssl, connection, plan) || SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE) return;
    kill(ssl, connection.verdict ? connection.verdict->verify_result : X509_V_ERR_APPLICATION_VERIFICATION);
  }

  void not_applicable(verify::Reason reason) const {
    connection.conclude(ssl, verdict_without_verification(ssl, verify::NotApplicable{reason}, plan));
  }

  /// A peer without a certificate (anonymous or PSK suites) is judged by the outcome; one that has a
  /// certificate which we were not shown was kept from us.
  void fail(const verify::Fail& failure) const {
    if (SSL_get0_peer_certificate(ssl) != nullptr) {
      kill_bypassed(ssl, connection, plan);
      return;
    }
    kill(ssl, failure.verify_result);
    verify::Verdict verdict = verdict_without_verification(ssl, failure.decision, plan);
    verdict.accept = false;
    connection.conclude(ssl, std::move(verdict));
  }
};

void on_done(SSL* ssl, Connection* connection) {
  // With early data OpenSSL reports the end of a handshake that has only begun.
  if (connection == nullptr || !connection->handshake.running || SSL_get_state(ssl) != TLS_ST_OK) return;
  const Handshake& handshake = connection->handshake;
  connection->handshake.running = false;
  choose_watch(ssl, watch_handshake);
  give_back_offers(ssl, *connection);
  if (connection->lookup) connection->lookup->handshake_is_over();
  // A HelloRequest that OpenSSL does not follow starts and ends a handshake in which nothing is sent.
  if (handshake.verified) keep_promise(*connection);
  const bool hello_sent = client_random(ssl) != handshake.former_random;
  if (!hello_sent || handshake.verified) return;

  connection->follow_fork();
  verify::SharedPlan plan = connection->plan(ssl, connection->blocking_until());
  if (plan == nullptr) plan = connection->too_late();
  const Resumption resumption = resumption_of(ssl, *plan, handshake.time);
  if (resumption == Resumption::Refused) return kill_bypassed(ssl, *connection, plan);
  std::visit(Unverified{ssl, *connection, plan, resumption}, verify::action_for(*plan));
  keep_promise(*connection);
}

/// `connection` is the SSL's; null where it has none yet.
void on_event(SSL* ssl, Connection* connection, int where) noexcept {
  if (where != SSL_CB_HANDSHAKE_START && where != SSL_CB_HANDSHAKE_DONE) return;
  if (SSL_is_server(ssl) == 1) return;
  const QuietErrors quiet;
  const DeferredCancellation uncancelled;
  try {
    if (where == SSL_CB_HANDSHAKE_START) on_start(ssl, connection);
    if (where == SSL_CB_HANDSHAKE_DONE) on_done(ssl, connection);
  } catch (...) {
    connection = Connection::find(ssl);
    if (connection != nullptr) connection->undo_verdict();
    // What fails at the start leaves the ClientHello unannounced.
    if (where == SSL_CB_HANDSHAKE_DONE) kill(ssl, X509_V_ERR_APPLICATION_VERIFICATION);
  }
}

/// The SSL's connection, looked up again where the application was called: it may have done anything.
Connection* call_application(const SSL* ssl, Connection* connection, int where, int ret) {
  const bool known = connection != nullptr && connection->handshake.running;
  const InfoCallback info =
      known ? connection->handshake.application_info : application_info(ssl, connection);
  if (info == nullptr) return connection;
  if (connection != nullptr) connection->in_info_callback = true;
  info(ssl, where, ret);
  if ((connection = Connection::find(ssl)) != nullptr) connection->in_info_callback = false;
  return connection;
}

}  // namespace

void give_back_offers(SSL* ssl, Connection& connection) {
  connection.anonymous_suites.give_back(ssl);
  if (connection.verification_enforced && SSL_get_verify_mode(ssl) == enforced_mode)
    SSL_set_verify(ssl, SSL_VERIFY_NONE, SSL_get_verify_callback(ssl));
  connection.verification_enforced = false;
}

bool is_our_watch(InfoCallback info) { return info == watch_handshake || info == watch_coarsely; }

void watch_coarsely(const SSL* ssl, int where, int ret) noexcept {
  if (where != SSL_CB_CONNECT_LOOP) watch_handshake(ssl, where, ret);
}

void announce(SSL* ssl) noexcept { on_event(ssl, Connection::find(ssl), SSL_CB_HANDSHAKE_START); }

void watch_handshake(const SSL* watched, int where, int ret) noexcept {
  SSL* ssl = const_cast<SSL*>(watched);
  Connection* connection = Connection::find(ssl);
  // The application's callback may itself call the one that it found: ours.
  if (connection != nullptr && connection->in_info_callback) return;
  // The application first where it may still change the SSL, and last where it may want to see the verdict.
  if (where == SSL_CB_HANDSHAKE_START) connection = call_application(ssl, connection, where, ret);
  on_event(ssl, connection, where);
  if (where != SSL_CB_HANDSHAKE_START) call_application(ssl, connection, where, ret);
}

}  // namespace danelaw::hook
