#include "verify/plan_source.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>
#include <utility>

#include "base/ip_address.hpp"

namespace danelaw::verify {
namespace {

class ReadyPlan final : public PendingPlan {
 public:
  explicit ReadyPlan(SharedPlan plan) : m_plan(std::move(plan)) {}
  ~ReadyPlan() override {
    if (m_descriptor >= 0) close(m_descriptor);
  }
  ReadyPlan(const ReadyPlan&) = delete;
  ReadyPlan& operator=(const ReadyPlan&) = delete;

  std::optional<std::string> wait_for_base_domain(Deadline) override { return m_plan->base_domain; }
  SharedPlan wait(Deadline) override { return m_plan; }

  int descriptor() override {
    const std::lock_guard lock(m_mutex);
    if (m_descriptor < 0) m_descriptor = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    return m_descriptor;
  }

 private:
  const SharedPlan m_plan;
  std::mutex m_mutex;
  int m_descriptor = -1;  // made when first asked for: most handshakes never poll
};

}  // namespace

std::shared_ptr<PendingPlan> ready(SharedPlan plan) { return std::make_shared<ReadyPlan>(std::move(plan)); }

SharedPlan plan_without_records(const Service& service, const Policy& policy, Evidence evidence) {
  auto plan = std::make_shared<Plan>();
  plan->service = service;
  plan->policy = policy;
  // RFC 6066 section 3: an address is never sent as a server name.
  if (!is_address_literal(service.host)) plan->base_domain = service.host;
  if (!service.host.empty()) plan->reference_identifiers.push_back(service.host);
  plan->evidence = std::move(evidence);
  return plan;
}

}  // namespace danelaw::verify
