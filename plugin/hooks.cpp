#include "hooks.hpp"

#include <openssl/crypto.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "curl_peer.hpp"
#include "danelaw/openssl.h"
#include "log.hpp"
#include "process.hpp"
#include "report.hpp"

namespace danelaw::plugin {
namespace {

/// While we work, what OpenSSL makes is ours.
thread_local bool at_work = false;

class AtWork final {
 public:
  AtWork() { at_work = true; }
  ~AtWork() { at_work = false; }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;
};

int fail(danelaw_problem* problem, int code, const char* line) {
  problem->code = code;
  std::snprintf(problem->text, sizeof problem->text, "%s", line);
  return code;
}

struct Found {
  Peer peer;
  bool port_is_certain = false;  // curl's URL says so: no rule knows better
};

Found find_peer(SSL* ssl) {
  const auto is_resolver = [](const std::string& ip, unsigned port) {
    return danelaw_resolver_asks(&Process::here().resolver(), ip.c_str(), port) == 1;
  };
  Found found{peer_of(ssl, is_resolver)};
  Peer of_curl;
  switch (ask_curl(ssl, of_curl)) {
    case CurlSays::Known:
      return {of_curl, true};
    case CurlSays::Unknown:
      found.peer.port = 0;
      break;
    case CurlSays::NotCurl:
      break;
  }
  return found;
}

std::string unknown_peer(const Peer& peer) {
  const std::string what =
      peer.host.empty() ? "the host of a connection" : "the port of the connection to " + peer.host;
  return what + " is not known, so DANE does not apply to it: a rule in danelaw.conf(5) can name it";
}

bool is_off(const Rule& rule) {
  return std::strcmp(danelaw_settings_get(rule.settings.get(), "mode"), "off") == 0;
}

/// A host that is no DNS name has no TLSA records; anything else that goes wrong ends the handshake.
int name(SSL* ssl, const Peer& peer, danelaw_problem* problem) {
  const int code = danelaw_ssl_set_service(ssl, peer.host.c_str(), peer.port, peer.transport, problem);
  if (code != DANELAW_ERR_NAME) return code;
  Process::here().log_once(std::string(problem->text) + ": DANE does not apply to it");
  return DANELAW_OK;
}

int name_service(SSL* ssl, danelaw_problem* problem) {
  Process& process = Process::here();
  const Configuration& configuration = process.configuration();
  auto [peer, port_is_certain] = find_peer(ssl);
  const Choice choice = configuration.rule_for(program_name(), peer);
  const Rule& rule = choice.rule;
  if (rule.port != 0 && !port_is_certain) peer.port = rule.port;
  if (peer.host.empty()) peer.host = rule.host;

  int code = danelaw_ssl_set_settings(ssl, choice.settings(), problem);
  if (code != DANELAW_OK) return code;
  if (!peer.is_known()) {
    if (!is_off(rule)) process.log_once(unknown_peer(peer));
    return DANELAW_OK;
  }
  if (!is_off(rule)) code = danelaw_ssl_set_resolver(ssl, &process.resolver(), problem);
  return code == DANELAW_OK ? name(ssl, peer, problem) : code;
}

int name_service_guarded(void*, SSL* ssl, danelaw_problem* problem) noexcept {
  const AtWork working;
  try {
    return name_service(ssl, problem);
  } catch (const BadConfiguration& bad) {
    return fail(problem, DANELAW_ERR_SETTING, bad.what());
  } catch (...) {
    return fail(problem, DANELAW_ERR_RESOURCE, "no memory left");
  }
}

void report_verdict(void*, const SSL* ssl, const danelaw_verdict* verdict) noexcept {
  try {
    const danelaw_decision decision = danelaw_verdict_decision(verdict);
    const bool refused = decision == DANELAW_REJECTED || decision == DANELAW_UNDECIDED;
    const LogLevel level = refused ? LogLevel::Refusals : LogLevel::All;
    if (!Process::here().logs(level)) return;
    std::string line = line_of(verdict);
    // OpenSSL has no const function for a connection's parameters, which are only looked at.
    if (*danelaw_verdict_service(verdict) == '\0')
      line = with_peer(line, find_peer(const_cast<SSL*>(ssl)).peer);
    if (refused && SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE)
      line += "; the program asked for no verification and goes on (verify_none)";
    Process::here().log(level, line);
  } catch (...) {
    // No memory for a line.
  }
}

/// For an SSL_CTX that cannot be attached: no peer is accepted rather than any.
int refuse_all(X509_STORE_CTX* ctx, void*) {
  X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

/// Only what is the same for all connections; the rest comes when they are named.
Settings settings_of_contexts() {
  Settings settings(danelaw_settings_new());
  if (settings == nullptr) return nullptr;
  danelaw_settings_set_service_callback(settings.get(), name_service_guarded, nullptr);
  danelaw_settings_set_verdict_callback(settings.get(), report_verdict, nullptr);
  // Which connections use it is said when they are named; an SSL_CTX must be prepared for it before its SSLs are made.
  if (Process::here().offers_chains() &&
      danelaw_settings_set(settings.get(), "dnssec_chain", "on", nullptr) != DANELAW_OK)
    return nullptr;
  return settings;
}

void attach(SSL_CTX* ctx) {
  const Settings settings = settings_of_contexts();
  danelaw_problem problem{};
  const int code = settings == nullptr ? DANELAW_ERR_RESOURCE
                                       : danelaw_ssl_ctx_attach(ctx, nullptr, settings.get(), &problem);
  if (code == DANELAW_OK || code == DANELAW_ERR_STATE) return;  // state: the resolver's own
  SSL_CTX_set_cert_verify_callback(ctx, refuse_all, nullptr);
}

void context_is_made(void* made, void*, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  if (at_work) return;
  const AtWork working;
  watch_curl();
  attach(static_cast<SSL_CTX*>(made));
}

/// The program may have set callbacks of its own on the SSL_CTX since.
void connection_is_made(void* made, void*, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  if (at_work) return;
  const AtWork working;
  danelaw_ssl_watch(static_cast<SSL*>(made), nullptr);
}

bool register_hooks() {
  return Process::survive_forks() &&
         CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr, context_is_made, nullptr, nullptr) >=
             0 &&
         CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, connection_is_made, nullptr, nullptr) >= 0;
}

}  // namespace

bool hook_openssl() noexcept {
  static const bool hooked = register_hooks();
  return hooked;
}

}  // namespace danelaw::plugin
