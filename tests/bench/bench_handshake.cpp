// The client's share of a TLS 1.3 handshake with known records in CPU time, beside the same with ordinary PKIX verification.
//
// Client and server talk through memory in one thread; only the client's calls are timed. tests/bench/run prints the
// ratios.
#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "hook/attach.hpp"
#include "in_turns.hpp"
#include "pki.hpp"

using namespace danelaw;
using bench::CpuClock;

namespace {

struct SslContextFree {
  void operator()(SSL_CTX* ctx) const { SSL_CTX_free(ctx); }
};
struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;
using Ssl = std::unique_ptr<SSL, SslFree>;

struct Peers {
  pki::Identity root = pki::issue({.common_name = "root", .ca = true});
  pki::Identity intermediate = pki::issue({.common_name = "intermediate", .ca = true}, &root);
  pki::Identity leaf = pki::issue({.common_name = "leaf", .dns_names = {"www.example"}}, &intermediate);
};

const Peers& peers() {
  static const Peers made;
  return made;
}

SslContext server_context() {
  SslContext ctx(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(ctx.get(), peers().leaf.certificate.get());
  SSL_CTX_use_PrivateKey(ctx.get(), peers().leaf.key.get());
  SSL_CTX_add1_chain_cert(ctx.get(), peers().intermediate.certificate.get());
  return ctx;
}

SslContext client_context() {
  SslContext ctx(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), peers().root.certificate.get());
  return ctx;
}

verify::SharedPlan plan_with_usage(int usage) {
  const pki::Identity& named = usage == 2 ? peers().intermediate : peers().leaf;
  auto plan = std::make_shared<verify::Plan>();
  plan->service = {"www.example", 443, tlsa::Transport::Tcp};
  plan->base_domain = "www.example";
  plan->reference_identifiers = {"www.example"};
  plan->evidence = tlsa::outcome_of(tlsa::RecordSet::from_records(
      std::vector{pki::record_for(usage, 1, 1, named.certificate.get())}, tlsa::Usages::All));
  return plan;
}

/// Shakes hands through memory; gives the time that the client took of it, nothing where the handshake fails.
std::optional<CpuClock::duration> client_share(SSL* client, SSL* server) {
  BIO* to_server = BIO_new(BIO_s_mem());
  BIO* to_client = BIO_new(BIO_s_mem());
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(client, to_client, to_server);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  CpuClock::duration share{};
  for (int flight = 0; flight < 8; ++flight) {
    const auto begun = CpuClock::now();
    const int done = SSL_do_handshake(client);
    share += CpuClock::now() - begun;
    const int answered = SSL_do_handshake(server);
    if (done == 1 && answered == 1) return share;
  }
  return std::nullopt;
}

/// The macro SSL_set_tlsext_host_name() casts const away; this says the same.
void set_server_name(SSL* ssl) {
  std::string name = "www.example";
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

/// Whether one plan decides about all connections, and keeps what serves the next (decision 0030), or each has its own.
enum class Plans { Kept, Anew };

/// One handshake; without a plan, with ordinary verification.
std::optional<CpuClock::duration> handshake(SSL_CTX* client_ctx, SSL_CTX* server_ctx,
                                            const verify::SharedPlan& plan) {
  const Ssl server(SSL_new(server_ctx));
  const auto begun = CpuClock::now();
  const Ssl client(SSL_new(client_ctx));
  if (plan) {
    if (!hook::set_plan(client.get(), plan)) return std::nullopt;
  } else {
    set_server_name(client.get());
    SSL_set1_host(client.get(), "www.example");
  }
  const CpuClock::duration setting_up = CpuClock::now() - begun;
  const auto share = client_share(client.get(), server.get());
  if (!share) return std::nullopt;
  return setting_up + *share;
}

bench::Turn handshakes(SslContext client_ctx, verify::SharedPlan plan, Plans plans) {
  const std::shared_ptr<SSL_CTX> client(std::move(client_ctx));
  const std::shared_ptr<SSL_CTX> server(server_context());
  return [client, server, plan = std::move(plan), plans] {
    const auto own = plans == Plans::Anew ? std::make_shared<verify::Plan>(*plan) : plan;
    return handshake(client.get(), server.get(), own);
  };
}

bench::Turn pkix() { return handshakes(client_context(), nullptr, Plans::Kept); }

bench::Turn dane(int usage, Plans plans) {
  SslContext ctx = client_context();
  hook::AttachSettings settings;
  settings.engine = verify::DaneEngine::create().value();
  if (!hook::attach(ctx.get(), std::move(settings))) return [] { return std::nullopt; };
  return handshakes(std::move(ctx), plan_with_usage(usage), plans);
}

}  // namespace

int main(int argc, char** argv) {
  for (const int usage : {3, 2, 1}) {
    const std::string name = "handshake, " + std::to_string(usage) + " 1 1";
    bench::add(name, dane(usage, Plans::Kept), pkix());
    bench::add(name + ", plan anew", dane(usage, Plans::Anew), pkix());
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
