// tls_report.h.
#include "danelaw/tls_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include "capi/errors.hpp"
#include "capi/known_part.hpp"
#include "service/tls_report.hpp"

using namespace danelaw;

struct danelaw_tls_report {
  service::TlsReport counts;
  std::string text;
};

namespace {

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

std::vector<std::string> lines_of(const char* text) {
  std::vector<std::string> lines;
  const std::string all = text_or_empty(text);
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    if (end > begin) lines.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

constexpr bool is_known(danelaw_tls_policy_type type) {
  return type == DANELAW_TLS_NO_POLICY || type == DANELAW_TLS_TLSA || type == DANELAW_TLS_STS;
}
constexpr bool is_known(danelaw_tls_result result) {
  return result >= DANELAW_TLS_SUCCESS && result <= DANELAW_TLS_STS_WEBPKI_INVALID;
}
// The enumerations of both sides are in the same order.
static_assert(static_cast<int>(service::PolicyType::Sts) == DANELAW_TLS_STS);
static_assert(static_cast<int>(service::SessionResult::ValidationFailure) == DANELAW_TLS_VALIDATION_FAILURE);
static_assert(static_cast<int>(service::SessionResult::StsWebpkiInvalid) == DANELAW_TLS_STS_WEBPKI_INVALID);

}  // namespace

danelaw_tls_report* danelaw_tls_report_new(void) {
  return capi::guarded_value<danelaw_tls_report*>(nullptr, [] { return new danelaw_tls_report(); });
}

void danelaw_tls_report_free(danelaw_tls_report* report) { delete report; }

const char* danelaw_tls_result_name(danelaw_tls_result result) {
  // Literals end with a zero.
  return is_known(result) ? service::to_string(static_cast<service::SessionResult>(result)).data()
                          : "unknown";
}

int danelaw_tls_report_count(danelaw_tls_report* report, const danelaw_tls_session* session,
                             danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const auto known = capi::known_part(session);
    if (report == nullptr || !known || known->policy_domain == nullptr || !is_known(known->policy_type) ||
        !is_known(known->result))
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_tls_report_count: report, session with its size, policy domain and known "
                          "constants are needed");
    const service::ReportedPolicy policy{static_cast<service::PolicyType>(known->policy_type),
                                         lines_of(known->policy_strings), known->policy_domain,
                                         lines_of(known->mx_hosts)};
    const service::FailureDetail detail{
        static_cast<service::SessionResult>(known->result), text_or_empty(known->sending_ip),
        text_or_empty(known->receiving_host), text_or_empty(known->receiving_ip),
        text_or_empty(known->reason_code)};
    report->counts.count(policy, detail, known->sessions == 0 ? 1 : known->sessions);
    return static_cast<int>(DANELAW_OK);
  });
}

size_t danelaw_tls_report_policies(const danelaw_tls_report* report) {
  return report == nullptr ? 0 : report->counts.policies();
}
uint64_t danelaw_tls_report_left_out(const danelaw_tls_report* report) {
  return report == nullptr ? 0 : report->counts.left_out();
}

int danelaw_tls_report_json(danelaw_tls_report* report, const danelaw_tls_report_head* head,
                            const char** text, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const auto known = capi::known_part(head);
    if (report == nullptr || head == nullptr || !known || text == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_tls_report_json: report, head with its size, and text are needed");
    report->text = report->counts.to_json({text_or_empty(known->organization), text_or_empty(known->contact),
                                           text_or_empty(known->report_id), known->start, known->end});
    *text = report->text.c_str();
    return static_cast<int>(DANELAW_OK);
  });
}
