#include "service/tls_report.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace danelaw::service {
namespace {

/// JSON (RFC 8259), as far as a report needs it: objects and arrays of texts and numbers.
class Json final {
 public:
  void open(char bracket) {
    separate();
    m_text += bracket;
    m_is_first = true;
  }
  void close(char bracket) {
    m_text += bracket;
    m_is_first = false;
  }
  void key(std::string_view name) {
    string(name);
    m_text += ':';
    m_is_first = true;  // no comma between a key and its value
  }
  void string(std::string_view text) {
    separate();
    m_text += '"';
    for (const char character : text) add(static_cast<unsigned char>(character));
    m_text += '"';
  }
  void number(std::uint64_t value) {
    separate();
    m_text += std::to_string(value);
  }
  void field(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void field(std::string_view name, std::uint64_t value) {
    key(name);
    number(value);
  }
  void list(std::string_view name, const std::vector<std::string>& texts) {
    key(name);
    open('[');
    for (const std::string& text : texts) string(text);
    close(']');
  }
  [[nodiscard]] const std::string& text() const { return m_text; }

 private:
  void separate() {
    if (!m_is_first) m_text += ',';
    m_is_first = false;
  }
  /// What is not ASCII came from strangers and may be no UTF-8.
  void add(unsigned char octet) {
    if (octet == '"' || octet == '\\') m_text += '\\';
    if (octet >= 0x20 && octet < 0x7f) {
      m_text += static_cast<char>(octet);
      return;
    }
    std::array<char, 8> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(octet));
    m_text += escaped.data();
  }

  std::string m_text;
  bool m_is_first = true;
};

/// RFC 3339.
std::string date_time(EpochSeconds when) {
  const auto seconds = static_cast<std::time_t>(when);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

void write(Json& json, const FailureDetail& detail, std::uint64_t sessions) {
  json.open('{');
  json.field("result-type", to_string(detail.result));
  if (!detail.sending_ip.empty()) json.field("sending-mta-ip", detail.sending_ip);
  if (!detail.receiving_host.empty()) json.field("receiving-mx-hostname", detail.receiving_host);
  if (!detail.receiving_ip.empty()) json.field("receiving-ip", detail.receiving_ip);
  json.field("failed-session-count", sessions);
  if (!detail.reason_code.empty()) json.field("failure-reason-code", detail.reason_code);
  json.close('}');
}

void write(Json& json, const ReportedPolicy& policy) {
  json.key("policy");
  json.open('{');
  json.field("policy-type", to_string(policy.type));
  if (!policy.strings.empty()) json.list("policy-string", policy.strings);
  json.field("policy-domain", policy.domain);
  if (!policy.mx_hosts.empty()) json.list("mx-host", policy.mx_hosts);
  json.close('}');
}

}  // namespace

std::string_view to_string(PolicyType type) {
  switch (type) {
    case PolicyType::NoPolicyFound:
      return "no-policy-found";
    case PolicyType::Tlsa:
      return "tlsa";
    case PolicyType::Sts:
      return "sts";
  }
  return "no-policy-found";
}

std::string_view to_string(SessionResult result) {
  switch (result) {
    case SessionResult::Success:
      return "success";
    case SessionResult::StarttlsNotSupported:
      return "starttls-not-supported";
    case SessionResult::CertificateHostMismatch:
      return "certificate-host-mismatch";
    case SessionResult::CertificateExpired:
      return "certificate-expired";
    case SessionResult::CertificateNotTrusted:
      return "certificate-not-trusted";
    case SessionResult::ValidationFailure:
      return "validation-failure";
    case SessionResult::TlsaInvalid:
      return "tlsa-invalid";
    case SessionResult::DnssecInvalid:
      return "dnssec-invalid";
    case SessionResult::DaneRequired:
      return "dane-required";
    case SessionResult::StsPolicyFetchError:
      return "sts-policy-fetch-error";
    case SessionResult::StsPolicyInvalid:
      return "sts-policy-invalid";
    case SessionResult::StsWebpkiInvalid:
      return "sts-webpki-invalid";
  }
  return "validation-failure";
}

void TlsReport::count(const ReportedPolicy& policy, const FailureDetail& detail, std::uint64_t sessions) {
  if (!m_policies.contains(policy) && m_policies.size() >= max_policies) {
    m_left_out += sessions;
    return;
  }
  Counts& counts = m_policies[policy];
  if (detail.result == SessionResult::Success) {
    counts.good += sessions;
    return;
  }
  counts.failed += sessions;
  // Past the limit a failure is in the sum, and has no details.
  if (counts.details.contains(detail) || counts.details.size() < max_details)
    counts.details[detail] += sessions;
}

std::string TlsReport::to_json(const ReportHead& head) const {
  Json json;
  json.open('{');
  json.field("organization-name", head.organization);
  json.key("date-range");
  json.open('{');
  json.field("start-datetime", date_time(head.start));
  json.field("end-datetime", date_time(head.end));
  json.close('}');
  json.field("contact-info", head.contact);
  json.field("report-id", head.report_id);
  json.key("policies");
  json.open('[');
  for (const auto& [policy, counts] : m_policies) {
    json.open('{');
    write(json, policy);
    json.key("summary");
    json.open('{');
    json.field("total-successful-session-count", counts.good);
    json.field("total-failure-session-count", counts.failed);
    json.close('}');
    if (!counts.details.empty()) {
      json.key("failure-details");
      json.open('[');
      for (const auto& [detail, sessions] : counts.details) write(json, detail, sessions);
      json.close(']');
    }
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return json.text() + "\n";
}

}  // namespace danelaw::service
