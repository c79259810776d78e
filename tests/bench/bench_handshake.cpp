// The client's share of a TLS 1.3 handshake with known records in CPU time, beside the same with ordinary PKIX verification.
//
// Client and server talk through memory in one thread; only the client's calls are timed. tests/bench/run prints the
// ratios.
#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <string>

#include "hook/attach.hpp"
#include "pki.hpp"

using namespace danelaw;

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

/// CPU time of this thread: what other programs do meanwhile does not count.
struct Clock {
  static std::chrono::duration<double> now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::duration<double>(static_cast<double>(time.tv_sec) +
                                         1e-9 * static_cast<double>(time.tv_nsec));
  }
};

/// Shakes hands through memory; gives the time that the client took of it, zero where the handshake fails.
std::chrono::duration<double> client_share(SSL* client, SSL* server) {
  BIO* to_server = BIO_new(BIO_s_mem());
  BIO* to_client = BIO_new(BIO_s_mem());
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(client, to_client, to_server);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  std::chrono::duration<double> share{};
  for (int flight = 0; flight < 8; ++flight) {
    const auto begun = Clock::now();
    const int done = SSL_do_handshake(client);
    share += Clock::now() - begun;
    const int answered = SSL_do_handshake(server);
    if (done == 1 && answered == 1) return share;
  }
  return {};
}

/// The macro SSL_set_tlsext_host_name() casts const away; this says the same.
void set_server_name(SSL* ssl) {
  std::string name = "www.example";
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

void handshakes(benchmark::State& state, SSL_CTX* client_ctx, const verify::SharedPlan& plan) {
  const SslContext server_ctx = server_context();
  for (auto _ : state) {
    const Ssl server(SSL_new(server_ctx.get()));
    const auto begun = Clock::now();
    const Ssl client(SSL_new(client_ctx));
    if (plan) {
      if (!hook::set_plan(client.get(), plan)) state.SkipWithError("no plan");
    } else {
      set_server_name(client.get());
      SSL_set1_host(client.get(), "www.example");
    }
    const std::chrono::duration<double> setting_up = Clock::now() - begun;
    const auto share = client_share(client.get(), server.get());
    if (share.count() <= 0) state.SkipWithError("the handshake failed");
    state.SetIterationTime((setting_up + share).count());
  }
}

void pkix(benchmark::State& state) {
  const SslContext ctx = client_context();
  handshakes(state, ctx.get(), nullptr);
}

void dane(benchmark::State& state, int usage) {
  const SslContext ctx = client_context();
  hook::AttachSettings settings;
  settings.engine = verify::DaneEngine::create().value();
  if (!hook::attach(ctx.get(), std::move(settings))) state.SkipWithError("not attached");
  handshakes(state, ctx.get(), plan_with_usage(usage));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::RegisterBenchmark("ours/handshake, 3 1 1", dane, 3)->UseManualTime();
  benchmark::RegisterBenchmark("openssl/handshake, 3 1 1", pkix)->UseManualTime();
  benchmark::RegisterBenchmark("ours/handshake, 2 1 1", dane, 2)->UseManualTime();
  benchmark::RegisterBenchmark("openssl/handshake, 2 1 1", pkix)->UseManualTime();
  benchmark::RegisterBenchmark("ours/handshake, 1 1 1", dane, 1)->UseManualTime();
  benchmark::RegisterBenchmark("openssl/handshake, 1 1 1", pkix)->UseManualTime();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
