// Counts what a judgement costs, and says no when a limit is reached. From then on nothing is checked any more, and the
// judgement is bogus with the first limit's reason.
#pragma once

#include <cstddef>
#include <optional>

#include "dnssec/judgement.hpp"
#include "dnssec/limits.hpp"

namespace danelaw::dnssec {

struct Counts {
  std::size_t signature_checks = 0;  ///< by OpenSSL; those remembered from earlier do not count
  std::size_t signature_work = 0;
  std::size_t failed_checks = 0;
  std::size_t signatures_passed = 0;  ///< remembered ones included
  std::size_t nsec3_hashes = 0;
  std::size_t zones = 0;
  std::size_t names = 0;
};

class Work final {
 public:
  explicit Work(const Limits& limits) : m_limits(limits) {}

  /// False where it would pass the limit.
  [[nodiscard]] bool may_check(std::size_t cost) {
    if (m_counts.signature_work + cost > m_limits.signature_work)
      return stop(BogusReason::TooMuchSignatureWork);
    m_counts.signature_work += cost;
    ++m_counts.signature_checks;
    return !m_stopped;
  }
  void check_failed() {
    if (++m_counts.failed_checks > m_limits.failed_checks) stop(BogusReason::TooManyFailedChecks);
  }
  void signature_passed() { ++m_counts.signatures_passed; }

  [[nodiscard]] bool may_hash() {
    if (m_counts.nsec3_hashes >= m_limits.nsec3_hashes) return stop(BogusReason::TooManyNsec3Hashes);
    ++m_counts.nsec3_hashes;
    return !m_stopped;
  }
  [[nodiscard]] bool may_examine_name() {
    if (m_counts.names >= m_limits.names) return stop(BogusReason::TooManyNames);
    ++m_counts.names;
    return !m_stopped;
  }
  [[nodiscard]] bool may_enter_zone() {
    if (m_counts.zones >= m_limits.zones) return stop(BogusReason::TooManyZones);
    ++m_counts.zones;
    return !m_stopped;
  }

  /// Always false, so that a refusal is one statement.
  bool stop(BogusReason reason) {
    if (!m_stopped) m_stopped = reason;
    return false;
  }

  [[nodiscard]] std::optional<BogusReason> stopped() const { return m_stopped; }
  [[nodiscard]] const Limits& limits() const { return m_limits; }
  [[nodiscard]] const Counts& counts() const { return m_counts; }

 private:
  Limits m_limits;
  Counts m_counts;
  std::optional<BogusReason> m_stopped;
};

}  // namespace danelaw::dnssec
