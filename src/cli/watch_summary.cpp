#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "terminal.hpp"
#include "watch_output.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t most_faults = 5;  // of each severity
constexpr std::int64_t day = 24 * 60 * 60;

/// In a plugin's line '|' begins the performance data, and a line's end ends it.
std::string for_line(const std::string& text) {
  std::string result = printable(text);
  std::replace(result.begin(), result.end(), '|', '/');
  return result;
}

void take_days(std::int64_t until, std::int64_t now, std::int64_t& least) {
  if (until == 0) return;
  const std::int64_t days = std::max<std::int64_t>((until - now) / day, 0);
  if (least < 0 || days < least) least = days;
}

std::string upper(const char* word) {
  std::string text = word;
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

int nagios_exit(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return 0;
    case Severity::Warning:
      return 1;
    case Severity::Critical:
      return 2;
    case Severity::Unknown:
      return 3;
  }
  return 3;
}

void Summary::add(std::size_t place, const WatchReport& report) {
  const Observation& now = report.observation;
  const Severity severity = severity_of(now, report.concerns);
  m_worst = worse(m_worst, severity);
  ++m_services;
  ++m_verdicts[now.verdict];
  const auto number = static_cast<std::size_t>(nagios_exit(severity));
  ++m_severities[number];
  if (severity != Severity::Ok) {
    const auto concern = std::find_if(report.concerns.begin(), report.concerns.end(),
                                      [&](const Concern& one) { return one.severity == severity; });
    const std::string why = severity_of_verdict(now) == severity || concern == report.concerns.end()
                                ? fmt::format("{} ({})", danelaw_decision_name(now.verdict), now.reason)
                                : concern->text;
    std::map<std::size_t, std::string>& faults = m_faults[number];
    faults.emplace(place, fmt::format("{} {}", report.service, why));
    if (faults.size() > most_faults) faults.erase(std::prev(faults.end()));
  }
  take_days(now.certificate_until, now.when, m_certificate_days);
  take_days(now.signature_until, now.when, m_signature_days);
}

Exit Summary::exit() const {
  if (m_worst == Severity::Critical) return Exit::Refused;
  if (m_worst == Severity::Unknown) return Exit::Undecided;
  return m_verdicts[DANELAW_AUTHENTICATED] > 0 ? Exit::Good : Exit::NotApplicable;
}

std::string Summary::nagios() const {
  std::string line =
      fmt::format("DANELAW {} - {} of {} services authenticated", upper(severity_word(m_worst)),
                  m_verdicts[DANELAW_AUTHENTICATED], m_services);
  for (const Severity severity : {Severity::Critical, Severity::Unknown, Severity::Warning}) {
    const auto number = static_cast<std::size_t>(nagios_exit(severity));
    for (const auto& [place, text] : m_faults[number]) line += "; " + for_line(text);
    const std::size_t count = m_severities[number];
    if (count > most_faults)
      line += fmt::format("; {} more {}", count - most_faults, severity_word(severity));
  }
  line += fmt::format(" | services={} authenticated={} rejected={} not_applicable={} undecided={}",
                      m_services, m_verdicts[DANELAW_AUTHENTICATED], m_verdicts[DANELAW_REJECTED],
                      m_verdicts[DANELAW_NOT_APPLICABLE], m_verdicts[DANELAW_UNDECIDED]);
  if (m_certificate_days >= 0) line += fmt::format(" certificate_days={}", m_certificate_days);
  if (m_signature_days >= 0) line += fmt::format(" signature_days={}", m_signature_days);
  return line + "\n";
}

}  // namespace danelaw::cli
