// How long a name that nobody has asked for yet takes, from its first question to the end of the handshake: without
// DANE, with it, and the TLSA lookup alone. Runs in the world with slow DNS; tests/bench/run_cold starts it.
//
// usage: bench_cold NAME… of servers with usable TLSA records of usages 2 and 3. Each round uses three of the names. The
// first round begins with nothing known; the others know the zones. One JSON object per round on stdout.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "danelaw/openssl.h"

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "bench_cold: %s\n", what.c_str());
  std::exit(1);
}

int connected_to(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), "443", &hints, &list) != 0) give_up(host + " has no address");
  const int fd = socket(list->ai_family, SOCK_STREAM, 0);
  if (connect(fd, list->ai_addr, list->ai_addrlen) != 0) give_up("no connection to " + host);
  freeaddrinfo(list);
  return fd;
}

SSL_CTX* context(danelaw_resolver* resolver) {
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(ctx, resolver == nullptr ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  danelaw_problem problem{};
  if (resolver != nullptr && danelaw_ssl_ctx_attach(ctx, resolver, nullptr, &problem) != DANELAW_OK)
    give_up(problem.text);
  return ctx;
}

/// From the name to the end of the handshake.
Milliseconds handshake(SSL_CTX* ctx, std::string host, bool dane) {
  const auto begun = Clock::now();
  SSL* ssl = SSL_new(ctx);
  danelaw_problem problem{};
  if (!dane)
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
  else if (danelaw_ssl_set_service(ssl, host.c_str(), 443, DANELAW_TRANSPORT_TCP, &problem) != DANELAW_OK)
    give_up(problem.text);
  const int fd = connected_to(host);
  SSL_set_fd(ssl, fd);
  if (SSL_connect(ssl) != 1) give_up("no handshake with " + host);
  const Milliseconds taken = Clock::now() - begun;
  SSL_free(ssl);
  close(fd);
  return taken;
}

Milliseconds lookup(danelaw_resolver* resolver, const std::string& host) {
  const auto begun = Clock::now();
  danelaw_plan* plan = nullptr;
  danelaw_problem problem{};
  if (danelaw_plan_lookup(resolver, nullptr, host.c_str(), 443, DANELAW_TRANSPORT_TCP, &plan, &problem) !=
          DANELAW_OK ||
      danelaw_plan_outcome(plan) != DANELAW_OUTCOME_SECURE_USABLE)
    give_up("no TLSA of " + host + ": " + (plan == nullptr ? problem.text : danelaw_plan_reason(plan)));
  danelaw_plan_free(plan);
  return Clock::now() - begun;
}

danelaw_resolver* make_resolver() {
  danelaw_settings* settings = danelaw_settings_new();
  danelaw_settings_set(settings, "trust_anchors", std::getenv("DANELAW_WORLD_ANCHORS"), nullptr);
  danelaw_settings_set(settings, "resolvers", std::getenv("DANELAW_WORLD_RESOLVER"), nullptr);
  danelaw_resolver* resolver = nullptr;
  danelaw_problem problem{};
  if (danelaw_resolver_new(settings, &resolver, &problem) != DANELAW_OK) give_up(problem.text);
  danelaw_settings_free(settings);
  return resolver;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int names_per_round = 3;
  if (argc <= names_per_round || std::getenv("DANELAW_WORLD_ANCHORS") == nullptr)
    give_up("usage, in the world: bench_cold NAME NAME NAME…");
  danelaw_resolver* resolver = make_resolver();
  danelaw_resolver* lone_resolver =
      make_resolver();  // so that the lookup alone begins with as little knowledge
  SSL_CTX* plain = context(nullptr);
  SSL_CTX* dane = context(resolver);
  for (int at = 1; at + names_per_round <= argc; at += names_per_round) {
    const Milliseconds alone = lookup(lone_resolver, argv[at]);
    const Milliseconds without = handshake(plain, argv[at + 1], false);
    const Milliseconds with = handshake(dane, argv[at + 2], true);
    std::printf("{\"round\": %d, \"lookup\": %.2f, \"plain\": %.2f, \"dane\": %.2f}\n", at / names_per_round,
                alone.count(), without.count(), with.count());
  }
  SSL_CTX_free(plain);
  SSL_CTX_free(dane);
  danelaw_resolver_free(resolver);
  danelaw_resolver_free(lone_resolver);
  return 0;
}
