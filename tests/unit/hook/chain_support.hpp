// Servers that send extension 59, and a judge of chains that does as it is told.
#pragma once

#include <map>
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
  std::vector<std::string> pins;  ///< what was asked of them, in order

  danelaw::Result<danelaw::verify::ProvenPlan> judge(const Service& service, const Policy& policy,
                                                     danelaw::Bytes extension_data) override;
  bool is_pinned(const Service&) override { return pinned; }
  void pin(const Service& service, std::chrono::hours support_lifetime) override;
  void unpin(const Service& service) override { pins.push_back("unpin " + service.host); }
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

}  // namespace hook_test
