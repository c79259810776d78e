// What `danelaw watch` remembers of a service, and what of a new look at it is worth telling. Pure: no clock, no files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "danelaw/danelaw.h"

namespace danelaw::cli {

/// One look at a service.
struct Observation {
  std::int64_t when = 0;      ///< seconds since 1970
  std::int64_t duration = 0;  ///< milliseconds
  danelaw_decision verdict = DANELAW_UNDECIDED;
  std::string outcome;                 ///< of the TLSA lookup, or of a mail domain's MX lookup: a stable word
  std::string reason;                  ///< stable word
  std::string text;                    ///< for people
  bool is_bogus = false;               ///< DNS answers that no client with DANE would take
  std::int64_t certificate_until = 0;  ///< the first end of a certificate that clients look at; 0: none
  std::int64_t signature_until = 0;    ///< the first end of the signatures over the records; 0: not known
  std::string signature_of;            ///< whose they are: "_443._tcp.www.example.org TLSA"
  std::vector<std::string>
      unmatched;  ///< usable records that no address matched, although each was authenticated
};

enum class Severity { Ok, Warning, Critical, Unknown };
[[nodiscard]] const char* severity_word(Severity severity);  ///< "ok", "warning", "critical", "unknown"
/// Critical, then unknown, then warning: what is not known may be critical.
[[nodiscard]] Severity worse(Severity one, Severity other);

/// Something about a service that a person should do something about, beside its verdict.
struct Concern {
  std::string
      code;  ///< "certificate-expires", "certificate-expired", "signatures-expire", "signatures-expired", "unmatched-record"
  std::string text;
  Severity severity = Severity::Ok;
  friend bool operator==(const Concern&, const Concern&) = default;
};

/// How long before the end there is concern, in seconds.
struct WarnTimes {
  std::int64_t certificate = 0;
  std::int64_t signature = 0;
};

[[nodiscard]] Severity severity_of_verdict(const Observation& observation);
[[nodiscard]] std::vector<Concern> concerns_of(const Observation& observation, const WarnTimes& warn);
[[nodiscard]] Severity severity_of(const Observation& observation, const std::vector<Concern>& concerns);

/// What is remembered of a service from one look to the next.
struct Standing {
  danelaw_decision verdict = DANELAW_UNDECIDED;
  std::string outcome;
  std::string reason;
  std::int64_t since = 0;             ///< when the verdict became what it is
  std::vector<std::string> concerns;  ///< code and, for records, which: those that were told
  friend bool operator==(const Standing&, const Standing&) = default;
};

struct Event {
  std::string code;  ///< "first", "verdict", "outcome", a concern's code, or that with "-over"
  std::string text;
  Severity severity = Severity::Ok;
  friend bool operator==(const Event&, const Event&) = default;
};

struct News {
  Standing standing;
  std::vector<Event> events;
};

/// `before`: nothing for a service that is seen for the first time.
[[nodiscard]] News compare(const std::optional<Standing>& before, const Observation& now,
                           const std::vector<Concern>& concerns);

}  // namespace danelaw::cli
