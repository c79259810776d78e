#include "hook/attach.hpp"

#include <string>
#include <utility>

#include "hook/callbacks.hpp"
#include "hook/quiet_errors.hpp"

namespace danelaw::hook {
namespace {

Problem out_of_memory() { return Problem{Fault::Resource, "OpenSSL has no memory left"}; }

std::optional<Problem> why_not_attachable(const SSL_CTX* ctx, const AttachSettings& settings) {
  if (ctx == nullptr) return Problem{Fault::Argument, "there is no SSL_CTX to attach to"};
  if (settings.engine == nullptr || !settings.clock)
    return Problem{Fault::Argument, "an attachment needs a DANE engine and a clock"};
  if (attachment_of(ctx) != nullptr) return Problem{Fault::State, "this SSL_CTX is attached already"};
  return std::nullopt;
}

/// The state of an SSL that may still be told what it connects to.
Result<Connection*> connection_before_handshake(SSL* ssl) {
  if (ssl == nullptr) return Problem{Fault::Argument, "there is no SSL"};
  if (SSL_in_before(ssl) != 1)
    return Problem{Fault::State, "the handshake has begun: call this before it, or after SSL_clear()"};
  SharedAttachment attachment = attachment_of(ssl);
  if (attachment == nullptr) return Problem{Fault::State, "the SSL's SSL_CTX is not attached"};
  Connection* connection = Connection::find_or_make(ssl);
  if (connection == nullptr) return out_of_memory();
  connection->adopt(std::move(attachment));
  return connection;
}

/// Ours in front of the application's, which it calls.
void put_info_callback(SSL* ssl, Connection& connection) {
  const InfoCallback present = SSL_get_info_callback(ssl);
  if (present == watch_handshake) return;
  connection.application_info = present;
  SSL_set_info_callback(ssl, watch_handshake);
}

Result<std::monostate> use(SSL* ssl, Connection& connection, Lookup lookup, const std::string& server_name) {
  const QuietErrors quiet;
  give_back_offers(ssl, connection);
  if (!connection.names.set(ssl, lookup.service(), server_name, lookup.policy().profile))
    return out_of_memory();
  put_info_callback(ssl, connection);
  connection.handshake = Handshake();
  connection.verdict.reset();
  connection.lookup = std::move(lookup);
  return std::monostate();
}

}  // namespace

Result<std::monostate> attach(SSL_CTX* ctx, AttachSettings settings) {
  const QuietErrors quiet;
  if (auto problem = why_not_attachable(ctx, settings)) return *std::move(problem);
  auto attachment = std::make_shared<Attachment>();
  attachment->settings = std::move(settings);
  attachment->application_info = SSL_CTX_get_info_callback(ctx);
  if (!keep_attachment(ctx, std::move(attachment))) return out_of_memory();

  if (SSL_CTX_add_custom_ext(ctx, extension_type, extension_context, check_client_hello, nullptr, nullptr,
                             nullptr, nullptr) != 1) {
    forget_attachment(ctx);
    return Problem{Fault::State, "TLS extension 59 is in use: the application has registered it itself"};
  }
  SSL_CTX_set_cert_verify_callback(ctx, verify_peer, nullptr);
  SSL_CTX_set_info_callback(ctx, watch_handshake);
  return std::monostate();
}

Result<std::monostate> set_service(SSL* ssl, const verify::Service& service) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  Connection& state = **connection;
  const verify::Policy policy = state.policy_override.value_or(state.settings().policy);
  auto lookup = Lookup::start(service, policy, state.settings().source);
  if (!lookup) return lookup.problem();
  const std::string server_name = lookup->own_server_name();
  return use(ssl, state, *std::move(lookup), server_name);
}

Result<std::monostate> set_policy(SSL* ssl, const verify::Policy& policy) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  Connection& state = **connection;
  const bool handed_over = state.lookup && state.lookup->is_handed_over();
  if (handed_over && !(state.lookup->policy() == policy))
    return Problem{Fault::State,
                   "a plan was handed over, and its own policy decides: hand over one that says the same"};
  if (state.lookup && !handed_over) {
    auto lookup = Lookup::start(state.lookup->service(), policy, state.settings().source);
    if (!lookup) return lookup.problem();
    const std::string server_name = lookup->own_server_name();
    const auto used = use(ssl, state, *std::move(lookup), server_name);
    if (!used) return used.problem();
  }
  state.policy_override = policy;
  return std::monostate();
}

Result<std::monostate> set_plan(SSL* ssl, verify::SharedPlan plan) {
  const auto connection = connection_before_handshake(ssl);
  if (!connection) return connection.problem();
  auto lookup = Lookup::hand_over(std::move(plan));
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
  const Connection* connection = Connection::find(ssl);
  return connection == nullptr || !connection->lookup ? -1 : connection->lookup->descriptor();
}

std::chrono::milliseconds patience(const SSL* ssl) {
  const Connection* connection = Connection::find(ssl);
  if (plan_is_ready(ssl)) return std::chrono::milliseconds(0);
  if (!connection->handshake.running) return connection->lookup->patience();
  const auto left = connection->handshake.deadline - std::chrono::steady_clock::now();
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
}

bool plan_is_ready(const SSL* ssl) {
  const Connection* connection = Connection::find(ssl);
  return connection == nullptr || !connection->lookup || connection->lookup->is_ready();
}

}  // namespace danelaw::hook
