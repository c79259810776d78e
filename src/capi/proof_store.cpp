// A store of the application's own, as the engine uses it.
#include "danelaw/proof_store.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "capi/errors.hpp"
#include "capi/known_part.hpp"
#include "capi/settings.hpp"
#include "dns/proof_entry.hpp"
#include "dns/proof_store.hpp"

using namespace danelaw;

struct danelaw_proof_request {
  dns::ProofStore::Found found;
};

namespace {

static_assert(dns::max_entry_octets <= DANELAW_PROOF_ENTRY_MOST);

class ApplicationStore final : public dns::ProofStore {
 public:
  explicit ApplicationStore(const danelaw_proof_store& store) : m_store(store) {}

  [[nodiscard]] bool takes(const dns::Answer& answer) const override {
    return std::holds_alternative<dns::SecureRrset>(answer);
  }

  [[nodiscard]] std::chrono::milliseconds patience() const override {
    constexpr std::chrono::milliseconds by_default{50};
    constexpr std::chrono::milliseconds most = std::chrono::hours(24);
    if (m_store.patience == 0) return by_default;
    return std::chrono::milliseconds(std::min<std::uint64_t>(m_store.patience, most.count()));
  }

  void find(const std::string& name, Found found) override {
    m_store.fetch(m_store.user, name.c_str(), new danelaw_proof_request{std::move(found)});
  }

  void keep(const std::string& name, Bytes octets, EpochSeconds ends, EpochSeconds /*now*/) override {
    if (m_store.keep != nullptr) m_store.keep(m_store.user, name.c_str(), octets.data(), octets.size(), ends);
  }

  void refuse(const std::string& name) override {
    if (m_store.refuse != nullptr) m_store.refuse(m_store.user, name.c_str());
  }

 private:
  const danelaw_proof_store m_store;
};

}  // namespace

void danelaw_proof_request_finish(danelaw_proof_request* request, const uint8_t* entry, size_t octets) {
  const std::unique_ptr<danelaw_proof_request> ended(request);
  if (!ended) return;
  capi::guarded(nullptr, [&] {
    const bool is_one = entry != nullptr && octets <= dns::max_entry_octets;
    ended->found(is_one ? std::optional(to_buffer({entry, octets})) : std::nullopt);
    return DANELAW_OK;
  });
}

int danelaw_settings_set_proof_store(danelaw_settings* settings, const danelaw_proof_store* store,
                                     danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (settings == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_settings_set_proof_store: settings are needed");
    const auto known = capi::known_part(store);
    if (store != nullptr && (!known || known->fetch == nullptr))
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_settings_set_proof_store: a store with its size and fetch is needed");
    settings->proof_store = store == nullptr ? nullptr : std::make_shared<ApplicationStore>(*known);
    return static_cast<int>(DANELAW_OK);
  });
}
