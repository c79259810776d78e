// Servers that send extension 59, and a judge of chains that does as it is told.
#pragma once

#include <functional>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "support.hpp"
#include "verify/chain_judge.hpp"

namespace hook_test {

/// Knows some octets as proofs; all others prove nothing.
class Chains final : public danelaw::verify::ChainJudge {
 public:
  std::map<std::string, danelaw::verify::Evidence> known;
  std::chrono::hours lifetime{0};
  EpochSeconds expires = std::numeric_limits<EpochSeconds>::max();

  int judged = 0;
  bool pinned = false;
  bool no_memory_to_unpin = false;
  std::function<void()> meanwhile{};  ///< called while a chain is judged
  std::vector<std::string> pins;      ///< what was asked of them, in order

  danelaw::Result<danelaw::verify::ProvenPlan> judge(const Service& service, const Policy& policy,
                                                     danelaw::Bytes extension_data) override;
  bool is_pinned(const Service&) override { return pinned; }
  void pin(const Service& service, std::chrono::hours support_lifetime) override;
  void unpin(const Service& service) override {
    if (no_memory_to_unpin) throw std::bad_alloc();
    pins.push_back("unpin " + service.host);
  }
};

/// Plans by script, chains by a judge.
class ChainSource final : public danelaw::verify::PlanSource {
 public:
  explicit ChainSource(Source::Script script, std::chrono::milliseconds patience = std::chrono::seconds(20))
      : plans(std::move(script), patience) {}
  std::shared_ptr<danelaw::verify::PendingPlan> start(const Service& service, const Policy& policy,
                                                      Candidates candidates) override {
    return plans.start(service, policy, candidates);
  }
  std::chrono::milliseconds patience() const override { return plans.patience(); }
  danelaw::verify::ChainJudge* chain_judge() override { return &chains; }

  Source plans;
  Chains chains;
};

/// What a server does with extension 59, and what it saw of it. Must outlive the SSL_CTX.
struct Staple {
  std::string chain;  ///< sent with the certificate of `position`; empty: nothing is sent
  std::size_t position = 0;
  std::function<void()> before;        ///< called before it is sent
  std::optional<std::string> asked{};  ///< the extension of the last ClientHello
  std::function<void()> seen{};        ///< called after that
  int hellos = 0;                      ///< with the extension
  std::string second{};                ///< sent with the next certificate; TLS 1.3 only
};
void staple(SSL_CTX* server, Staple& staple);

inline const std::string right = "proof of the right records";
inline const std::string wrong = "proof of other records";
inline const std::string denial = "proof that there is none";
inline const std::string unsigned_zone = "proof that nothing is signed";
inline const std::string port_443{"\x01\xBB", 2};

/// The records of the server and of somebody else, and proofs of both.
inline void teach(Chains& chains) {
  chains.known[right] = records_for(peers().leaf);
  chains.known[wrong] = records_for(peers().self_signed);
  chains.known[denial] = danelaw::tlsa::TlsaOutcome(danelaw::tlsa::SecureAbsent{});
  chains.known[unsigned_zone] = danelaw::tlsa::TlsaOutcome(danelaw::tlsa::Insecure{"nothing is signed"});
}

inline SharedPlan failed_plan(const Policy& policy = {}) {
  return plan_with(danelaw::tlsa::TlsaOutcome(
                       danelaw::tlsa::LookupError{danelaw::tlsa::LookupFault::Timeout, "nobody answered"}),
                   policy);
}

/// A client that asks for chains, a server that may send one, and DNS, which a test completes when it likes.
struct Scene {
  explicit Scene(int version = 0, const std::function<void(Scene&)>& prepare = nullptr)
      : client(version), server(server_context(peers().leaf, version)) {
    teach(source->chains);
    staple(server.get(), stapled);
    client.settings.dnssec_chain = danelaw::hook::DnssecChain::Offer;
    if (prepare) prepare(*this);
    dns->settle("www.example");
    client.attach(source);
  }

  void dns_says(SharedPlan plan) { dns->deliver(std::move(plan)); }
  bool run(SSL* ssl) { return connects(ssl, server.get()); }
  /// The verdict of one connection, and where the evidence came from.
  std::string verdict() {
    const Ssl ssl = named(client);
    run(ssl.get());
    errors();
    return account(ssl.get());
  }
  static std::string account(const SSL* ssl) {
    const auto* reached = danelaw::hook::verdict(ssl);
    return in_words(ssl) + (reached == nullptr ? "" : ", " + std::string(to_string(reached->plan->origin)));
  }

  std::shared_ptr<Promise> dns = std::make_shared<Promise>();
  std::shared_ptr<ChainSource> source =
      std::make_shared<ChainSource>([this](const auto&) { return dns; }, std::chrono::seconds(20));
  Chains& chains = source->chains;
  Client client;
  Ctx server;
  Staple stapled;
};

}  // namespace hook_test
