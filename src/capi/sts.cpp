// smtp.h: whether a domain announces a policy of MTA-STS.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "capi/errors.hpp"
#include "capi/resolver.hpp"
#include "danelaw/smtp.h"
#include "dns/idn.hpp"
#include "service/private_names.hpp"
#include "service/sts_record.hpp"

using namespace danelaw;

struct danelaw_sts {
  std::string domain;
  std::shared_ptr<dns::Pending<dns::Answer>> question;  // null where none was put, or it is answered
  service::StsRecord record{"", "pending", "the lookup is not done", 0};
};

int danelaw_sts_begin(danelaw_resolver* resolver, const char* domain, danelaw_sts** sts,
                      danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (resolver == nullptr || domain == nullptr || sts == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_sts_begin: resolver, domain and sts are needed");
    const auto name = dns::host_name_from_text(domain);
    if (!name) return capi::report(problem, name.problem());
    const auto owner = service::sts_owner(*name);
    if (!owner) return capi::report(problem, owner.problem());
    auto made = std::make_unique<danelaw_sts>();
    made->domain = name->to_text();
    if (service::is_private(*name, resolver->never_asked))
      made->record = {"", "private-name", "no question is put about such a name", 0};
    else
      made->question = resolver->resolver->ask({*owner, RrType::Txt});
    *sts = made.release();
    return static_cast<int>(DANELAW_OK);
  });
}

int danelaw_sts_wait(danelaw_sts* sts, unsigned milliseconds) {
  return capi::guarded(nullptr, [&]() -> int {
    if (sts == nullptr) return DANELAW_ERR_ARGUMENT;
    if (!sts->question) return DANELAW_OK;
    const auto answer =
        sts->question->wait(std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds));
    if (!answer) return DANELAW_ERR_PENDING;
    sts->record = service::sts_record(*answer);
    sts->question.reset();
    return DANELAW_OK;
  });
}

int danelaw_sts_descriptor(danelaw_sts* sts) {
  return capi::guarded_value(
      -1, [&] { return sts == nullptr || !sts->question ? -1 : sts->question->descriptor(); });
}

void danelaw_sts_free(danelaw_sts* sts) { delete sts; }

const char* danelaw_sts_domain(const danelaw_sts* sts) { return sts == nullptr ? "" : sts->domain.c_str(); }
const char* danelaw_sts_id(const danelaw_sts* sts) { return sts == nullptr ? "" : sts->record.id.c_str(); }
const char* danelaw_sts_code(const danelaw_sts* sts) {
  return sts == nullptr ? "pending" : sts->record.code.c_str();
}
const char* danelaw_sts_reason(const danelaw_sts* sts) {
  return sts == nullptr ? "the lookup is not done" : sts->record.reason.c_str();
}
int64_t danelaw_sts_expiry(const danelaw_sts* sts) { return sts == nullptr ? 0 : sts->record.expires; }
