#include "capi/plan_source.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "capi/errors.hpp"
#include "capi/plan.hpp"

using namespace danelaw;

namespace {

struct Asked {
  verify::Service service;
  verify::Policy policy;
  verify::Candidates candidates;
};

verify::SharedPlan failed(const Asked& asked, std::string reason) {
  return verify::plan_without_records(
      asked.service, asked.policy,
      tlsa::TlsaOutcome(tlsa::LookupError{tlsa::LookupFault::Source, std::move(reason)}));
}

/// What the request and the handshake share: whichever ends first leaves it to the other.
class Requested final : public verify::PendingPlan {
 public:
  Requested() = default;
  ~Requested() override {
    if (m_descriptor >= 0) close(m_descriptor);
  }
  Requested(const Requested&) = delete;
  Requested& operator=(const Requested&) = delete;

  void finish(verify::SharedPlan plan) {
    const std::lock_guard lock(m_mutex);
    if (m_plan) return;
    m_plan = std::move(plan);
    if (m_descriptor >= 0) eventfd_write(m_descriptor, 1);
    m_there.notify_all();
  }

  verify::SharedPlan wait(Deadline deadline) override {
    std::unique_lock lock(m_mutex);
    m_there.wait_until(lock, deadline, [this] { return m_plan != nullptr; });
    return m_plan;
  }

  // An application's source settles both at once.
  std::optional<std::string> wait_for_base_domain(Deadline deadline) override {
    const verify::SharedPlan plan = wait(deadline);
    if (!plan) return std::nullopt;
    return plan->base_domain;
  }

  int descriptor() override {
    const std::lock_guard lock(m_mutex);
    if (m_descriptor < 0) m_descriptor = eventfd(m_plan ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK);
    return m_descriptor;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_there;
  verify::SharedPlan m_plan;
  int m_descriptor = -1;
};

}  // namespace

struct danelaw_request {
  Asked asked;
  std::shared_ptr<Requested> requested;
};

namespace {

class ApplicationPlanSource final : public verify::PlanSource {
 public:
  explicit ApplicationPlanSource(const danelaw_plan_source& source) : m_source(source) {}

  std::shared_ptr<verify::PendingPlan> start(const verify::Service& service, const verify::Policy& policy,
                                             verify::Candidates candidates) override {
    const Asked asked{service, policy, candidates};
    if (policy.mode == verify::Mode::Off)
      return verify::ready(
          verify::plan_without_records(service, policy, verify::NotAsked{verify::NotAsked::Why::ModeOff}));
    auto requested = std::make_shared<Requested>();
    m_source.start(m_source.user, new danelaw_request{asked, requested});
    return requested;
  }

  [[nodiscard]] std::chrono::milliseconds patience() const override {
    constexpr std::chrono::milliseconds by_default{5000};
    constexpr std::chrono::milliseconds most = std::chrono::hours(24);
    if (m_source.patience == 0) return by_default;
    return std::chrono::milliseconds(std::min<std::uint64_t>(m_source.patience, most.count()));
  }

 private:
  const danelaw_plan_source m_source;
};

/// The plan as the connection may use it: for the service that was asked about, under its own policy.
verify::SharedPlan accepted_plan(const Asked& asked, const verify::Plan& made) {
  if (made.service != asked.service)
    return failed(asked, "the plan source answered about " + verify::to_text(made.service));
  if (asked.candidates == verify::Candidates::HostOnly && made.base_domain != asked.service.host &&
      !made.base_domain.empty())
    return failed(asked,
                  "the plan source gave base domain " + made.base_domain + " where only the host may be it");
  return capi::under_policy(made, asked.policy);
}

}  // namespace

namespace danelaw::capi {

std::shared_ptr<verify::PlanSource> application_plan_source(const danelaw_plan_source& source) {
  return std::make_shared<ApplicationPlanSource>(source);
}

}  // namespace danelaw::capi

const char* danelaw_request_host(const danelaw_request* request) {
  return request == nullptr ? "" : request->asked.service.host.c_str();
}

unsigned danelaw_request_port(const danelaw_request* request) {
  return request == nullptr ? 0 : request->asked.service.port;
}

danelaw_transport danelaw_request_transport(const danelaw_request* request) {
  return request == nullptr ? DANELAW_TRANSPORT_TCP
                            : static_cast<danelaw_transport>(request->asked.service.transport);
}

int danelaw_request_host_only(const danelaw_request* request) {
  return request != nullptr && request->asked.candidates == verify::Candidates::HostOnly ? 1 : 0;
}

void danelaw_request_finish(danelaw_request* request, const danelaw_plan* plan) {
  const std::unique_ptr<danelaw_request> ended(request);
  if (!ended) return;
  capi::guarded(nullptr, [&] {
    ended->requested->finish(plan == nullptr ? failed(ended->asked, "the plan source gave no plan")
                                             : accepted_plan(ended->asked, *plan->plan));
    return DANELAW_OK;
  });
}

void danelaw_request_fail(danelaw_request* request, const char* reason) {
  const std::unique_ptr<danelaw_request> ended(request);
  if (!ended) return;
  capi::guarded(nullptr, [&] {
    ended->requested->finish(failed(ended->asked, reason == nullptr ? "the plan source failed" : reason));
    return DANELAW_OK;
  });
}
