#include "support.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>

namespace hook_test {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

/// Where the SSL_CTX keeps its Client, for the new-session callback.
int client_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int collect_session(SSL* ssl, SSL_SESSION* session) {
  auto* client = static_cast<Client*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), client_index()));
  client->sessions.emplace_back(session);
  return 1;  // the reference is ours now
}

void fix_version(SSL_CTX* ctx, int version) {
  if (version == 0) return;
  require(SSL_CTX_set_min_proto_version(ctx, version) == 1, "minimum version");
  require(SSL_CTX_set_max_proto_version(ctx, version) == 1, "maximum version");
}

bool is_waiting(int error) { return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE; }

}  // namespace

const Peers& peers() {
  static const Peers made;
  return made;
}

SharedPlan plan_with(danelaw::verify::Evidence evidence, const Policy& policy, const Service& service,
                     const std::function<void(danelaw::verify::Plan&)>& change) {
  auto plan = std::make_shared<danelaw::verify::Plan>(
      *danelaw::verify::plan_without_records(service, policy, std::move(evidence)));
  if (change) change(*plan);
  return plan;
}

danelaw::verify::Evidence records_for(const pki::Identity& identity, int usage) {
  const std::vector<danelaw::tlsa::Record> records{pki::record_for(usage, 1, 1, identity.certificate.get())};
  return danelaw::tlsa::outcome_of(
      danelaw::tlsa::RecordSet::from_records(records, danelaw::tlsa::Usages::All));
}

SharedPlan plan_for(const pki::Identity& identity, const Policy& policy, const Service& service) {
  return plan_with(records_for(identity), policy, service);
}

Promise::Promise() : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
Promise::~Promise() { ::close(m_descriptor); }

void Promise::settle(const std::string& base_domain) {
  const std::lock_guard lock(m_mutex);
  m_base_domain = base_domain;
  m_changed.notify_all();
}

void Promise::deliver(SharedPlan plan) {
  const std::lock_guard lock(m_mutex);
  if (!m_base_domain) m_base_domain = plan->base_domain;
  m_plan = std::move(plan);
  const std::uint64_t one = 1;
  require(write(m_descriptor, &one, sizeof one) == sizeof one, "eventfd");
  m_changed.notify_all();
}

bool Promise::is_waited_for() {
  const std::lock_guard lock(m_mutex);
  return m_waited_for;
}

std::optional<std::string> Promise::wait_for_base_domain(danelaw::Deadline deadline) {
  std::unique_lock lock(m_mutex);
  m_waited_for = !m_base_domain.has_value();
  m_changed.wait_until(lock, deadline, [this] { return m_base_domain.has_value(); });
  return m_base_domain;
}

SharedPlan Promise::wait(danelaw::Deadline deadline) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_until(lock, deadline, [this] { return m_plan != nullptr; });
  return m_plan;
}

std::shared_ptr<danelaw::verify::PendingPlan> Source::start(const Service& service, const Policy& policy,
                                                            Candidates candidates) {
  const Asked question{service, policy, candidates};
  {
    const std::lock_guard lock(m_mutex);
    m_asked.push_back(question);
  }
  return m_script(question);
}

std::vector<Source::Asked> Source::asked() const {
  const std::lock_guard lock(m_mutex);
  return m_asked;
}

void Source::answer_from_now_on(SharedPlan plan) {
  m_script = [plan = std::move(plan)](const Asked&) { return danelaw::verify::ready(plan); };
}

std::shared_ptr<Source> at_once(SharedPlan plan) {
  return std::make_shared<Source>([plan](const Source::Asked&) { return danelaw::verify::ready(plan); });
}

Ctx server_context(const pki::Identity& identity, int version) {
  Ctx ctx(SSL_CTX_new(TLS_server_method()));
  fix_version(ctx.get(), version);
  require(SSL_CTX_use_certificate(ctx.get(), identity.certificate.get()) == 1, "server certificate");
  require(SSL_CTX_use_PrivateKey(ctx.get(), identity.key.get()) == 1, "server key");
  SSL_CTX_add1_chain_cert(ctx.get(), peers().root.certificate.get());
  const unsigned char id[] = "danelaw";
  SSL_CTX_set_session_id_context(ctx.get(), id, sizeof id);
  return ctx;
}

Client::Client(int version) : m_ctx(SSL_CTX_new(TLS_client_method())) {
  static const auto engine = danelaw::verify::DaneEngine::create().value();
  settings.engine = engine;
  fix_version(m_ctx.get(), version);
  SSL_CTX_set_verify(m_ctx.get(), SSL_VERIFY_PEER, nullptr);
  require(X509_STORE_add_cert(SSL_CTX_get_cert_store(m_ctx.get()), peers().root.certificate.get()) == 1,
          "store");
  SSL_CTX_set_session_cache_mode(m_ctx.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_ex_data(m_ctx.get(), client_index(), this);
  SSL_CTX_sess_set_new_cb(m_ctx.get(), collect_session);
}

void Client::attach(std::shared_ptr<danelaw::verify::PlanSource> source) {
  settings.source = std::move(source);
  if (!settings.on_verdict)
    settings.on_verdict = [this](SSL*, const danelaw::verify::Verdict&) { ++verdicts; };
  const auto attached = danelaw::hook::attach(m_ctx.get(), settings);
  require(attached.ok(), "attach");
}

Pair::Pair(SSL* client, SSL_CTX* server) : m_client(client), m_server(SSL_new(server)) {
  BIO* left = nullptr;
  BIO* right = nullptr;
  require(BIO_new_bio_pair(&left, 0, &right, 0) == 1, "BIO pair");
  SSL_set_bio(m_client, left, left);
  SSL_set_bio(m_server.get(), right, right);
  SSL_set_connect_state(m_client);
  SSL_set_accept_state(m_server.get());
}

int Pair::step_client() { return SSL_get_error(m_client, SSL_do_handshake(m_client)); }

int Pair::step_server() {
  // The queue is the thread's, and the client's is what the tests look at.
  ERR_set_mark();
  const int error = SSL_get_error(m_server.get(), SSL_do_handshake(m_server.get()));
  ERR_pop_to_mark();
  return error;
}

bool Pair::handshake() {
  for (int step = 0; step < 10000; ++step) {
    const int error = step_client();
    if (error == SSL_ERROR_WANT_RETRY_VERIFY) {
      ++suspended;
      pollfd waiting{danelaw::hook::descriptor(m_client), POLLIN, 0};
      const auto patience = danelaw::hook::patience(m_client);
      poll(&waiting, 1, static_cast<int>(patience.count()));
      continue;
    }
    if (error != SSL_ERROR_NONE && !is_waiting(error)) return false;
    const int server_error = step_server();
    if (error == SSL_ERROR_NONE && !is_waiting(server_error)) return server_error == SSL_ERROR_NONE;
  }
  throw std::runtime_error("the handshake does not end");
}

bool Pair::exchange() {
  char octet = 'x';
  if (SSL_write(m_server.get(), &octet, 1) != 1 || SSL_read(m_client, &octet, 1) != 1) return false;
  if (SSL_write(m_client, &octet, 1) != 1 || SSL_read(m_server.get(), &octet, 1) != 1) return false;
  return octet == 'x';
}

void Pair::close() {
  SSL_shutdown(m_client);
  SSL_shutdown(m_server.get());
}

Ssl named(const Client& client, const Service& service) {
  Ssl ssl = client.ssl();
  require(danelaw::hook::set_service(ssl.get(), service).ok(), "set_service");
  return ssl;
}

bool connects(SSL* client, SSL_CTX* server) {
  Pair pair(client, server);
  if (!pair.handshake() || !pair.exchange()) return false;
  pair.close();
  return true;
}

std::string in_words(const SSL* ssl) {
  const danelaw::verify::Verdict* verdict = danelaw::hook::verdict(ssl);
  if (verdict == nullptr) return "none";
  return std::string(name_of(verdict->decision)) + " (" +
         std::string(to_string(reason_of(verdict->decision))) + ")";
}

std::string seen_server_name(const Pair& pair) {
  const char* name = SSL_get_servername(pair.server(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

std::vector<std::string> errors() {
  std::vector<std::string> found;
  while (const unsigned long error = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(error);
    found.emplace_back(reason == nullptr ? "?" : reason);
  }
  return found;
}

Session serialized_and_back(SSL_SESSION* session) {
  unsigned char* der = nullptr;
  const int octets = i2d_SSL_SESSION(session, &der);
  require(octets > 0, "i2d_SSL_SESSION");
  const unsigned char* cursor = der;
  Session copy(d2i_SSL_SESSION(nullptr, &cursor, octets));
  OPENSSL_free(der);
  require(copy != nullptr, "d2i_SSL_SESSION");
  return copy;
}

}  // namespace hook_test
