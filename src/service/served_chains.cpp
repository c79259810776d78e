#include "service/served_chains.hpp"

#include <algorithm>
#include <utility>

#include "dns/served_chain.hpp"
#include "service/dns_plan_source.hpp"
#include "service/pin_store.hpp"

namespace danelaw::service {
namespace {

class ServedChains final : public verify::ChainJudge {
 public:
  explicit ServedChains(ServedChainSettings settings)
      : m_settings(std::move(settings)),
        m_pins(m_settings.keep_pins == KeepPins::InFile ? m_settings.pin_file : std::string()) {}

  Result<verify::ProvenPlan> judge(const verify::Service& service, const verify::Policy& policy,
                                   Bytes extension_data) override {
    auto host = DnsName::from_text(service.host);
    if (!host) return host.problem();
    const dns::TlsaQuestion question{*std::move(host), service.port, service.transport,
                                     dns::AliasOrder::HostOnly};
    const auto served =
        dns::judge_served_chain(question, extension_data, m_settings.anchors, m_settings.clock());
    if (!served) return served.problem();
    return verify::ProvenPlan{make_plan(service, policy, served->answer, verify::Origin::Handshake),
                              served->support_lifetime};
  }

  [[nodiscard]] bool is_pinned(const verify::Service& service) override {
    return keeps_pins() && m_pins.holds(service, m_settings.clock());
  }

  void pin(const verify::Service& service, std::chrono::hours support_lifetime) override {
    if (!keeps_pins()) return;
    if (support_lifetime == std::chrono::hours(0)) return unpin(service);
    const std::chrono::seconds kept = std::min(support_lifetime, m_settings.longest_pin);
    const EpochSeconds now = m_settings.clock();
    m_pins.set(service, now + kept.count(), now);
  }

  void unpin(const verify::Service& service) override {
    if (keeps_pins()) m_pins.drop(service, m_settings.clock());
  }

 private:
  [[nodiscard]] bool keeps_pins() const { return m_settings.keep_pins != KeepPins::No; }

  const ServedChainSettings m_settings;
  PinStore m_pins;
};

}  // namespace

std::unique_ptr<verify::ChainJudge> served_chain_judge(ServedChainSettings settings) {
  return std::make_unique<ServedChains>(std::move(settings));
}

}  // namespace danelaw::service
