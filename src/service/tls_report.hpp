// What TLS reporting counts (RFC 8460): sessions by policy domain and policy, and failures by their type. Pure: whoever holds it
// says when a period begins and ends, and sends or keeps the text.
//
// Everything that strangers can multiply has a limit; past it sessions are counted as left out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace danelaw::service {

enum class PolicyType { NoPolicyFound, Tlsa, Sts };
[[nodiscard]] std::string_view to_string(PolicyType type);  ///< "no-policy-found", "tlsa", "sts"

/// RFC 8460 section 4.3.
enum class SessionResult {
  Success,
  StarttlsNotSupported,
  CertificateHostMismatch,
  CertificateExpired,
  CertificateNotTrusted,
  ValidationFailure,
  TlsaInvalid,
  DnssecInvalid,
  DaneRequired,
  StsPolicyFetchError,
  StsPolicyInvalid,
  StsWebpkiInvalid,
};
[[nodiscard]] std::string_view to_string(SessionResult result);  ///< "success", "starttls-not-supported" …

/// RFC 8460 section 4.2.
struct ReportedPolicy {
  PolicyType type = PolicyType::NoPolicyFound;
  std::vector<std::string> strings;  ///< lines of an MTA-STS policy, or TLSA records
  std::string domain;
  std::vector<std::string> mx_hosts;  ///< patterns of an MTA-STS policy
  friend auto operator<=>(const ReportedPolicy&, const ReportedPolicy&) = default;
};

/// RFC 8460 section 4.3; what is empty is left out.
struct FailureDetail {
  SessionResult result = SessionResult::ValidationFailure;
  std::string sending_ip = {};
  std::string receiving_host = {};
  std::string receiving_ip = {};
  std::string reason_code = {};
  friend auto operator<=>(const FailureDetail&, const FailureDetail&) = default;
};

struct ReportHead {
  std::string organization;
  std::string contact;
  std::string report_id;
  EpochSeconds start = 0;
  EpochSeconds end = 0;
};

class TlsReport final {
 public:
  static constexpr std::size_t max_policies = 20'000;
  static constexpr std::size_t max_details = 64;  ///< of one policy

  /// `detail` counts where its result is none of Success.
  void count(const ReportedPolicy& policy, const FailureDetail& detail, std::uint64_t sessions);

  [[nodiscard]] std::size_t policies() const { return m_policies.size(); }
  [[nodiscard]] std::uint64_t left_out() const { return m_left_out; }
  /// RFC 8460 section 4.4.
  [[nodiscard]] std::string to_json(const ReportHead& head) const;

 private:
  struct Counts {
    std::uint64_t good = 0;
    std::uint64_t failed = 0;
    std::map<FailureDetail, std::uint64_t> details;
  };
  std::map<ReportedPolicy, Counts> m_policies;
  std::uint64_t m_left_out = 0;
};

}  // namespace danelaw::service
