// tls_report.h.
#include "danelaw/tls_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include "capi/errors.hpp"
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
    if (report == nullptr || session == nullptr || session->size != sizeof(danelaw_tls_session) ||
        session->policy_domain == nullptr || !is_known(session->policy_type) || !is_known(session->result))
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_tls_report_count: report, session with its size, policy domain and known "
                          "constants are needed");
    const service::ReportedPolicy policy{static_cast<service::PolicyType>(session->policy_type),
                                         lines_of(session->policy_strings), session->policy_domain,
                                         lines_of(session->mx_hosts)};
    const service::FailureDetail detail{
        static_cast<service::SessionResult>(session->result), text_or_empty(session->sending_ip),
        text_or_empty(session->receiving_host), text_or_empty(session->receiving_ip),
        text_or_empty(session->reason_code)};
    report->counts.count(policy, detail, session->sessions == 0 ? 1 : session->sessions);
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
    if (report == nullptr || head == nullptr || head->size != sizeof(danelaw_tls_report_head) ||
        text == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_tls_report_json: report, head with its size, and text are needed");
    report->text = report->counts.to_json({text_or_empty(head->organization), text_or_empty(head->contact),
                                           text_or_empty(head->report_id), head->start, head->end});
    *text = report->text.c_str();
    return static_cast<int>(DANELAW_OK);
  });
}
