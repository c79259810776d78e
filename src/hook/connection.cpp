#include "hook/connection.hpp"

#include <chrono>
#include <utility>

#include "hook/home.hpp"

namespace danelaw::hook {
namespace {

void free_connection(void*, void* stored, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Connection*>(stored);
}

/// SSL_dup() copies the pointer unless it is told otherwise.
int duplicate_connection(CRYPTO_EX_DATA* to, const CRYPTO_EX_DATA*, void** stored, int index, long,
                         void*) noexcept {
  try {
    const auto* connection = static_cast<const Connection*>(*stored);
    if (connection == nullptr) return 1;
    std::unique_ptr<Connection> copy = connection->duplicate();
    delete static_cast<Connection*>(CRYPTO_get_ex_data(to, index));  // danelaw_ssl_watch() may have made one
    *stored = copy.release();
    return 1;
  } catch (...) {
    return 0;
  }
}

/// Negative where OpenSSL has no memory for it.
int ex_data_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, duplicate_connection, free_connection);
  return index;
}

}  // namespace

Connection* Connection::find(const SSL* ssl) {
  if (ssl == nullptr || !is_home_library_context() || ex_data_index() < 0) return nullptr;
  return static_cast<Connection*>(SSL_get_ex_data(ssl, ex_data_index()));
}

Connection* Connection::find_or_make(SSL* ssl) {
  Connection* connection = find(ssl);
  return connection != nullptr ? connection : make(ssl, attachment_of(ssl));
}

Connection* Connection::make(SSL* ssl, SharedAttachment attachment) {
  if (attachment == nullptr || ex_data_index() < 0) return nullptr;
  auto made = std::make_unique<Connection>(std::move(attachment));
  if (SSL_set_ex_data(ssl, ex_data_index(), made.get()) != 1) return nullptr;
  return made.release();
}

std::unique_ptr<Connection> Connection::duplicate() const {
  auto copy = std::make_unique<Connection>(m_attachment);
  copy->lookup = lookup;
  copy->overridden = overridden;
  copy->own_source = own_source;
  copy->named_by_callback = named_by_callback;
  copy->names = names;
  copy->anonymous_suites = anonymous_suites;
  copy->verification_enforced = verification_enforced;
  copy->application_info = application_info;
  return copy;
}

const verify::Policy& Connection::policy() const {
  if (lookup) return lookup->policy();
  return chosen().policy;
}

verify::Service Connection::service() const { return lookup ? lookup->service() : verify::Service(); }

verify::SharedPlan Connection::plan(SSL* ssl, Deadline until) const {
  using Why = verify::NotAsked::Why;
  if (does_own_dane(ssl)) return plan_without_records(verify::NotAsked{Why::OwnDane});
  if (lookup) return held_to_promise(*this, lookup->plan(until, handshake.server_name, handshake.time));
  const bool off = policy().mode == verify::Mode::Off;
  return plan_without_records(verify::NotAsked{off ? Why::ModeOff : Why::NoService});
}

verify::SharedPlan Connection::too_late() const { return held_to_promise(*this, lookup->too_late()); }

verify::SharedPlan Connection::plan_without_records(verify::Evidence evidence) const {
  return verify::plan_without_records(service(), policy(), std::move(evidence));
}

Result<Lookup> Connection::look_up(const verify::Service& service) const {
  const auto candidates = chosen().server_name == ServerName::Own ? verify::Candidates::HostOnly
                                                                  : verify::Candidates::FollowAliases;
  return Lookup::start(service, chosen().policy, source(), candidates);
}

void Connection::follow_fork() {
  if (!lookup || !lookup->follow_fork()) return;
  handshake.deadline = std::chrono::steady_clock::now() + lookup->patience();
}

Deadline Connection::blocking_until() const {
  return settings().waiting == Waiting::Block ? handshake.deadline : no_waiting;
}

void Connection::conclude(SSL* ssl, verify::Verdict reached) {
  verdict = std::move(reached);
  if (verdict->plan != nullptr) verdict->dnssec_chain = account_of(handshake.chain, *verdict->plan);
  if (settings().on_verdict) settings().on_verdict(ssl, *verdict);
}

void Connection::conclude_undecided(SSL* ssl, verify::Reason reason, verify::SharedPlan plan) {
  verify::Verdict undecided;
  undecided.decision = verify::Undecided{reason};
  undecided.plan = std::move(plan);
  undecided.verify_result = X509_V_ERR_APPLICATION_VERIFICATION;
  SSL_set_verify_result(ssl, undecided.verify_result);
  conclude(ssl, std::move(undecided));
}

void Connection::conclude_bypassed(SSL* ssl, verify::SharedPlan plan) {
  conclude_undecided(ssl, verify::Reason::HookBypassed, std::move(plan));
}

void Connection::conclude_refused(SSL* ssl) {
  const tlsa::LookupError why{tlsa::LookupFault::Source, refused.value_or("")};
  conclude_undecided(ssl, verify::Reason::LookupFailed, plan_without_records(tlsa::TlsaOutcome(why)));
}

void Connection::undo_verdict() {
  if (!verdict) return;
  verdict->decision = verify::Undecided{verify::Reason::Engine};
  verdict->verify_result = X509_V_ERR_APPLICATION_VERIFICATION;
  verdict->accept = false;
}

Handshake::Random client_random(const SSL* ssl) {
  Handshake::Random random{};
  SSL_get_client_random(ssl, random.data(), random.size());
  return random;
}

bool does_own_dane(SSL* ssl) {
  // Certificate usage 255 does not exist: the answer is 0 where there is a set that a record could join, and
  // -1 where there is none. Nothing is added.
  const unsigned char data = 0;
  return SSL_dane_tlsa_add(ssl, 255, 255, 255, &data, 1) >= 0;
}

}  // namespace danelaw::hook
