#include "daily_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

#include "failure.hpp"
#include "files.hpp"
#include "log.hpp"
#include "os/system_errors.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::chrono::minutes between_writings{5};
constexpr std::size_t most_string_octets = 4096;

std::string name_of(std::int64_t start) {
  return fmt::format("{:%Y-%m-%dT%H%M%SZ}-{}.json", fmt::gmtime(static_cast<std::time_t>(start)), getpid());
}

void add_line(std::string& lines, const std::string& line) {
  if (lines.size() + line.size() < most_string_octets) lines += line + "\n";
}

danelaw_tls_result result_of(StsFinding::Fault fault) {
  switch (fault) {
    case StsFinding::Fault::None:
      return DANELAW_TLS_SUCCESS;
    case StsFinding::Fault::Fetch:
      return DANELAW_TLS_STS_POLICY_FETCH_ERROR;
    case StsFinding::Fault::WebPki:
      return DANELAW_TLS_STS_WEBPKI_INVALID;
    case StsFinding::Fault::Invalid:
      return DANELAW_TLS_STS_POLICY_INVALID;
  }
  return DANELAW_TLS_SUCCESS;
}

bool has_tlsa(DaneSays says) {
  switch (says) {
    case DaneSays::Authenticate:
    case DaneSays::Mixed:
    case DaneSays::Encrypt:
    case DaneSays::PartlyEncrypt:
    case DaneSays::Unsigned:
      return true;
    case DaneSays::Defer:
    case DaneSays::Nothing:
      return false;
  }
  return false;
}

void put_sts(Account& account, const StsFinding& sts) {
  account.type = DANELAW_TLS_STS;
  account.result = result_of(sts.fault);
  if (!sts.policy) return;
  account.strings = to_text(*sts.policy);
  for (const std::string& pattern : sts.policy->mx) add_line(account.mx_hosts, pattern);
}

/// RFC 8460 section 4.3.2.2.
void put_dane(Account& account, const Finding& finding) {
  account.type = DANELAW_TLS_TLSA;
  for (const HostNeed& host : finding.route.hosts)
    for (const std::string& record : host.records) add_line(account.strings, record);
  const bool none_usable =
      finding.opinion.says == DaneSays::Encrypt || finding.opinion.says == DaneSays::PartlyEncrypt;
  if (none_usable && finding.route.standing != DANELAW_STANDING_INSECURE)
    account.result = DANELAW_TLS_TLSA_INVALID;
  if (finding.opinion.says != DaneSays::Defer) return;
  account.result = finding.opinion.code == "mandatory-without-dane" ? DANELAW_TLS_DANE_REQUIRED
                                                                    : DANELAW_TLS_DNSSEC_INVALID;
  account.reason_code = finding.opinion.code;
}

bool is_deferred_host(const HostNeed& host) { return host.requirement == DANELAW_DO_NOT_USE; }

}  // namespace

std::shared_ptr<const Account> account_of(const Finding& finding) {
  if (finding.route.domain.empty()) return nullptr;
  auto account = std::make_shared<Account>();
  account->domain = finding.route.domain;
  const auto& sts = finding.sts;
  const bool has_sts = sts && (sts->policy || sts->fault != StsFinding::Fault::None);
  const bool defers = finding.opinion.says == DaneSays::Defer;
  if (defers || (has_tlsa(finding.opinion.says) && !finding.reply.text.starts_with("secure")))
    put_dane(*account, finding);
  else if (has_sts)
    put_sts(*account, *sts);
  const auto& hosts = finding.route.hosts;
  const auto host = std::find_if(hosts.begin(), hosts.end(), is_deferred_host);
  if (defers && host != hosts.end()) account->receiving_host = host->host;
  return account;
}

DailyReport::DailyReport(EventLoop& loop, ReportSettings settings)
    : m_loop(loop), m_settings(std::move(settings)) {
  std::error_code error;
  std::filesystem::create_directory(m_settings.directory, error);
  if (!std::filesystem::is_directory(m_settings.directory, error))
    throw Failure(Exit::Undecided,
                  fmt::format("{}: no directory, and none can be made", m_settings.directory));
  begin(std::time(nullptr));
  write_from_time_to_time();
}

DailyReport::~DailyReport() {
  m_loop.cancel(m_timer);
  write(std::time(nullptr));
}

void DailyReport::begin(std::int64_t now) {
  m_counts.reset(danelaw_tls_report_new());
  if (m_counts == nullptr) throw std::bad_alloc();
  m_start = now;
  m_has_changed = false;
}

void DailyReport::count(const Account& account) {
  const std::int64_t now = std::time(nullptr);
  const std::int64_t midnight = m_start - m_start % day + day;
  if (now >= midnight) {
    write(midnight);
    begin(now);
  }
  danelaw_tls_session session{};
  session.size = sizeof session;
  session.policy_domain = account.domain.c_str();
  session.policy_type = account.type;
  session.policy_strings = account.strings.c_str();
  session.mx_hosts = account.mx_hosts.c_str();
  session.result = account.result;
  session.receiving_host = account.receiving_host.c_str();
  session.reason_code = account.reason_code.c_str();
  m_has_changed = danelaw_tls_report_count(m_counts.get(), &session, nullptr) == DANELAW_OK || m_has_changed;
}

void DailyReport::write(std::int64_t until) {
  if (!std::exchange(m_has_changed, false)) return;
  const std::string id = fmt::format("{}.{}@{}", m_start, getpid(), m_settings.organization);
  const danelaw_tls_report_head head{
      sizeof head, m_settings.organization.c_str(), m_settings.contact.c_str(), id.c_str(), m_start, until};
  const char* text = nullptr;
  if (danelaw_tls_report_json(m_counts.get(), &head, &text, nullptr) != DANELAW_OK) return;
  if (!replace_file(m_settings.directory, name_of(m_start), text, 0644))
    say(fmt::format("{}: cannot be written: {}", m_settings.directory, text_of_error(errno)));
}

/// A service that is killed loses no more than the last minutes.
void DailyReport::write_from_time_to_time() {
  m_timer = m_loop.after(between_writings, [this] {
    write(std::time(nullptr));
    write_from_time_to_time();
  });
}

}  // namespace danelaw::policyd
