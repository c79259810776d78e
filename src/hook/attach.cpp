#include "hook/attach.hpp"

#include <string>
#include <utility>

#include "base/own_work.hpp"
#include "hook/callbacks.hpp"
#include "hook/dnssec_chain.hpp"
#include "hook/home.hpp"
#include "hook/quiet_errors.hpp"

namespace danelaw::hook {
namespace {

Problem out_of_memory() { return Problem{Fault::Resource, "OpenSSL has no memory left"}; }

std::optional<Problem> why_not_attachable(const SSL_CTX* ctx, const AttachSettings& settings) {
  if (ctx == nullptr) return Problem{Fault::Argument, "there is no SSL_CTX to attach to"};
  if (settings.engine == nullptr || !settings.clock)
    return Problem{Fault::Argument, "an attachment needs a DANE engine and a clock"};
  if (!is_home_library_context())
    return Problem{Fault::Unsupported,
                   "the thread's default OSSL_LIB_CTX is not the one in which Danelaw was first used"};
  if (OwnWork::in_progress()) return Problem{Fault::State, "this SSL_CTX belongs to the resolver"};
  const SharedAttachment present = attachment_of(ctx);
  // Whoever asks for services serves an application that knows nothing of us; one that attaches knows better.
  if (present == nullptr || present->settings.name_service) return std::nullopt;
  return Problem{Fault::State, "this SSL_CTX is attached already"};
}

/// The state of an SSL that may still be told what it connects to.
Result<Connection*> connection_before_handshake(SSL* ssl) {
  if (ssl == nullptr) return Problem{Fault::Argument, "there is no SSL"};
  if (SSL_in_before(ssl) != 1)
    return Problem{Fault::State, "the handshake has begun: call this before it, or after SSL_clear()"};
  SharedAttachment attachment = attachment_of(ssl);
  if (attachment == nullptr) return Problem{Fault::State, "the SSL's SSL_CTX is not attached"};
  if (Connection* connection = Connection::find(ssl)) {
    connection->adopt(std::move(attachment));
    return connection;
  }
  Connection* connection = Connection::make(ssl, std::move(attachment));
  if (connection == nullptr) return out_of_memory();
  return connection;
}

InfoCallback application_info_of(const SSL_CTX* ctx, const SharedAttachment& present) {
  const InfoCallback info = SSL_CTX_get_info_callback(const_cast<SSL_CTX*>(ctx));
  if (!is_our_watch(info)) return info;
  return present == nullptr ? nullptr : present->application_info;
}

Result<std::monostate> use(SSL* ssl, Connection& connection, Lookup lookup, const std::string& server_name) {
  const QuietErrors quiet;
  give_back_offers(ssl, connection);
  const bool own_names = connection.chosen().server_name == ServerName::Own;
  // Who is asked for the service when the handshake starts serves an application that has not named it to us.
  const bool is_unaware = static_cast<bool>(connection.settings().name_service);
  const OwnAddress own_address = is_unaware ? OwnAddress::Alone : OwnAddress::Beside;
  const bool named = own_names || connection.names.set(ssl, lookup, server_name, own_address);
  if (!named) return out_of_memory();
  put_info_callback(ssl, connection);
  connection.handshake = Handshake();
  connection.named_by_callback = false;
  connection.verdict.reset();
  connection.lookup = std::move(lookup);
  return std::monostate();
}

}  // namespace

void put_info_callback(SSL* ssl, Connection& connection) {
  const InfoCallback present = SSL_get_info_callback(ssl);
  if (is_our_watch(present)) return;
  connection.application_info = present;
  SSL_set_info_callback(ssl, watch_handshake);
}

Result<std::monostate> attach(SSL_CTX* ctx, AttachSettings settings) {
  const QuietErrors quiet;
  if (auto problem = why_not_attachable(ctx, settings)) return *std::move(problem);
  const SharedAttachment present = attachment_of(ctx);
  auto attachment = std::make_shared<Attachment>();
  attachment->settings = std::move(settings);
  attachment->application_info = application_info_of(ctx, present);
  attachment->application_security =
      present == nullptr ? SSL_CTX_get_security_callback(ctx) : present->application_security;
  attachment->openssl_security =
      SSL_CTX_get_security_callback(attachment->settings.engine->untouched_context());
  const bool names_services = static_cast<bool>(attachment->settings.name_service);
  const bool offers_chains = attachment->settings.dnssec_chain == DnssecChain::Offer;
  if (present != nullptr) forget_attachment(ctx);
  if (!keep_attachment(ctx, std::move(attachment))) return out_of_memory();

  if (present == nullptr &&
      SSL_CTX_add_custom_ext(ctx, unsent_extension_type, unsent_extension_context, check_client_hello,
                             nullptr, nullptr, nullptr, nullptr) != 1) {
    forget_attachment(ctx);
    return Problem{Fault::State, "TLS extension 65359 is in use: the application has registered it itself"};
  }
  // Where this fails the application has the extension itself, or an earlier attachment has registered ours.
  if (offers_chains)
    static_cast<void>(SSL_CTX_add_custom_ext(ctx, chain_extension_type, chain_extension_context, offer_chain,
                                             nullptr, nullptr, take_chain, nullptr));
  SSL_CTX_set_cert_verify_callback(ctx, verify_peer, nullptr);
  SSL_CTX_set_info_callback(ctx, watch_handshake);
  // Who knows nothing of us does not know either that ours must be the last info callback that is set.
  if (names_services) SSL_CTX_set_security_callback(ctx, check_security);
  return std::monostate();
}

Result<std::monostate> set_service(SSL* ssl, const verify::Service& service) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  Connection& state = **connection;
  auto lookup = state.look_up(service);
  if (!lookup) return lookup.problem();
  const std::string server_name = lookup->own_server_name();
  return use(ssl, state, *std::move(lookup), server_name);
}

Result<std::monostate> configure(SSL* ssl, const ConnectionSettings& settings) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  Connection& state = **connection;
  const bool handed_over = state.lookup && state.lookup->is_handed_over();
  if (handed_over && !(state.lookup->policy() == settings.policy))
    return Problem{Fault::State,
                   "a plan was handed over, and its own policy decides: hand over one that says the same"};
  const auto before = std::exchange(state.overridden, settings);
  if (!state.lookup || handed_over) return std::monostate();
  auto again = set_service(ssl, state.lookup->service());
  if (!again) state.overridden = before;
  return again;
}

Result<std::monostate> set_source(SSL* ssl, std::shared_ptr<verify::PlanSource> source) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  (*connection)->own_source = std::move(source);
  return std::monostate();
}

Result<std::monostate> watch(SSL* ssl) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  put_info_callback(ssl, **connection);
  return std::monostate();
}

Result<std::monostate> set_plan(SSL* ssl, verify::SharedPlan plan) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  auto lookup = Lookup::hand_over(std::move(plan), (*connection)->source());
  if (!lookup) return lookup.problem();
  const std::string server_name = lookup->server_name(no_waiting).value_or("");
  return use(ssl, **connection, *std::move(lookup), server_name);
}

bool has_service(const SSL* ssl) {
  const Connection* connection = Connection::find(ssl);
  return connection != nullptr && connection->has_service();
}

const verify::Verdict* verdict(const SSL* ssl) {
  const Connection* connection = Connection::find(ssl);
  return connection == nullptr || !connection->verdict ? nullptr : &*connection->verdict;
}

int descriptor(const SSL* ssl) {
  Connection* connection = Connection::find(ssl);
  if (connection == nullptr || !connection->lookup) return -1;
  connection->follow_fork();
  return connection->lookup->descriptor();
}

std::chrono::milliseconds patience(const SSL* ssl) {
  const Connection* connection = Connection::find(ssl);
  if (plan_is_ready(ssl)) return std::chrono::milliseconds(0);
  if (!connection->handshake.running) return connection->lookup->patience();
  const auto left = connection->handshake.deadline - std::chrono::steady_clock::now();
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
}

bool plan_is_ready(const SSL* ssl) {
  Connection* connection = Connection::find(ssl);
  if (connection == nullptr || !connection->lookup) return true;
  connection->follow_fork();
  return connection->lookup->is_ready();
}

}  // namespace danelaw::hook
