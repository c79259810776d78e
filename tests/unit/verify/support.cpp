#include "support.hpp"

namespace support {

using namespace danelaw;

const Tree& tree() {
  static const Tree made;
  return made;
}

Store store_of(const std::vector<const pki::Identity*>& trusted) {
  Store store(X509_STORE_new());
  for (const pki::Identity* identity : trusted) X509_STORE_add_cert(store.get(), identity->certificate.get());
  return store;
}

SharedPlan plan_with(const std::vector<Record>& records, const Policy& policy,
                     const std::vector<std::string>& names) {
  auto plan = std::make_shared<verify::Plan>();
  plan->service = {"www.example", 443, tlsa::Transport::Tcp};
  plan->policy = policy;
  plan->base_domain = "www.example";
  plan->reference_identifiers = names;
  plan->evidence =
      tlsa::outcome_of(tlsa::RecordSet::from_records(records, verify::usages_of(policy.profile)));
  return plan;
}

SharedPlan plan_with_outcome(verify::Evidence evidence, const Policy& policy) {
  return verify::plan_without_records({"www.example", 443, tlsa::Transport::Tcp}, policy,
                                      std::move(evidence));
}

Verdict judge(const std::vector<const pki::Identity*>& chain, const SharedPlan& plan, X509_STORE* store,
              std::optional<EpochSeconds> time) {
  static const auto engine = verify::DaneEngine::create().value();
  verify::OfflineSettings settings;
  settings.store = store;
  settings.time = time;
  return verify::judge_offline(*engine, pki::chain_of(chain).get(), plan, settings);
}

std::string in_words(const Verdict& verdict) {
  std::string words = std::string(verify::name_of(verdict.decision)) + " (" +
                      std::string(verify::to_string(verify::reason_of(verdict.decision))) + ")";
  if (const auto* match = std::get_if<verify::Authenticated>(&verdict.decision))
    words += " depth " + std::to_string(match->depth);
  return words;
}

}  // namespace support
