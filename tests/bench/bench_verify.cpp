// One offline verification by our engine beside the same one by OpenSSL's engine alone, chain parsed in both.
// tests/bench/run prints the ratios.
#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "in_turns.hpp"
#include "pki.hpp"
#include "verify/dane_engine.hpp"

using namespace danelaw;

namespace {

struct Tree {
  explicit Tree(pki::KeyKind kind)
      : root(pki::issue({.common_name = "root", .ca = true, .key = kind})),
        intermediate(pki::issue({.common_name = "intermediate", .ca = true, .key = kind}, &root)),
        leaf(pki::issue({.common_name = "leaf", .dns_names = {"www.example"}, .key = kind}, &intermediate)),
        chain(pki::chain_of({&leaf, &intermediate})),
        store(X509_STORE_new()) {
    X509_STORE_add_cert(store, root.certificate.get());
  }
  ~Tree() { X509_STORE_free(store); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  pki::Identity root;
  pki::Identity intermediate;
  pki::Identity leaf;
  pki::Chain chain;
  X509_STORE* store;
};

const Tree& tree(pki::KeyKind kind) {
  static const Tree p256(pki::KeyKind::P256);
  static const Tree rsa(pki::KeyKind::Rsa2048);
  return kind == pki::KeyKind::P256 ? p256 : rsa;
}

tlsa::Record record_of(int usage, const Tree& of) {
  const pki::Identity& named = usage == 2 ? of.intermediate : of.leaf;
  return pki::record_for(usage, 1, 1, named.certificate.get());
}

constexpr int calls_a_turn = 20;

/// Whether one plan decides about all chains, and keeps what serves the next (decision 0030), or each chain has its own.
enum class Plans { Kept, Anew };

bench::Turn ours(int usage, pki::KeyKind kind, Plans plans) {
  const Tree& of = tree(kind);
  const auto engine = verify::DaneEngine::create().value();
  auto plan = std::make_shared<verify::Plan>();
  plan->base_domain = "www.example";
  plan->reference_identifiers = {"www.example"};
  plan->evidence =
      tlsa::outcome_of(tlsa::RecordSet::from_records(std::vector{record_of(usage, of)}, tlsa::Usages::All));
  verify::OfflineSettings settings;
  settings.store = of.store;
  const auto judge = [engine, settings, chain = of.chain.get()](const verify::SharedPlan& by) {
    return verify::judge_offline(*engine, chain, by, settings).accept;
  };
  if (plans == Plans::Kept) return bench::turn_of(calls_a_turn, [judge, plan] { return judge(plan); });
  return [judge, plan] {
    std::vector<verify::SharedPlan> own(calls_a_turn);
    for (verify::SharedPlan& copy : own) copy = std::make_shared<verify::Plan>(*plan);
    auto next = own.begin();
    return bench::turn_of(calls_a_turn, [&] { return judge(*next++); })();
  };
}

/// As OpenSSL's manual drives it: an SSL that never connects, the record, a store context.
bool openssl_verifies(SSL_CTX* ctx, const tlsa::Record& record, const Tree& of) {
  SSL* ssl = SSL_new(ctx);
  SSL_dane_enable(ssl, "www.example");
  const Bytes data = record.association_data();
  SSL_dane_tlsa_add(ssl, record.usage(), record.selector(), record.matching_type(), data.data(), data.size());
  X509_STORE_CTX* store_ctx = X509_STORE_CTX_new();
  X509_STORE_CTX_init(store_ctx, of.store, sk_X509_value(of.chain.get(), 0), of.chain.get());
  X509_STORE_CTX_set_default(store_ctx, "ssl_server");
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(store_ctx);
  X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl));
  X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
  X509_STORE_CTX_set0_dane(store_ctx, SSL_get0_dane(ssl));
  const bool verified = X509_verify_cert(store_ctx) == 1;
  X509_STORE_CTX_free(store_ctx);
  SSL_free(ssl);
  return verified;
}

bench::Turn openssl(int usage, pki::KeyKind kind) {
  const Tree& of = tree(kind);
  const std::shared_ptr<SSL_CTX> ctx(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_dane_enable(ctx.get());
  return bench::turn_of(calls_a_turn, [ctx, record = record_of(usage, of), &of] {
    return openssl_verifies(ctx.get(), record, of);
  });
}

void add(const std::string& name, int usage, pki::KeyKind kind) {
  bench::add(name, ours(usage, kind, Plans::Anew), openssl(usage, kind));
  bench::add(name + ", plan kept", ours(usage, kind, Plans::Kept), openssl(usage, kind));
}

}  // namespace

int main(int argc, char** argv) {
  for (const int usage : {3, 2, 1}) {
    add(std::to_string(usage) + " 1 1, P-256", usage, pki::KeyKind::P256);
    add(std::to_string(usage) + " 1 1, RSA-2048", usage, pki::KeyKind::Rsa2048);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
