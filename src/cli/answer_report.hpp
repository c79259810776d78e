// An answer for people and programs: the same lines and words wherever it came from, DNS or a proof.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "danelaw/danelaw.h"
#include "exit.hpp"
#include "records_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {

/// An RRset of a proof.
struct ProofLine {
  std::string rrset;
  std::int64_t signed_until = 0;
};

struct AnswerReport {
  danelaw_status status = DANELAW_STATUS_ERROR;
  std::string fault;
  std::string code;
  std::string reason;
  std::string owner;
  std::uint32_t ttl = 0;
  std::int64_t expiry = 0;
  std::vector<std::string> records;
  std::vector<ProofLine> proof;  ///< those whose signatures end first come first
};

[[nodiscard]] AnswerReport report_of(const danelaw_answer& answer);

/// "secure", "secure-absent", "insecure", "error"
[[nodiscard]] const char* outcome_word(danelaw_status status);
[[nodiscard]] Colour colour_of(danelaw_status status);

/// Records, owner, ttl, fault and why, a line each.
[[nodiscard]] std::string to_text(const AnswerReport& report);
/// The same without the records.
[[nodiscard]] std::string end_of_text(const AnswerReport& report);

/// "2026-12-02T00:00:00Z"
[[nodiscard]] std::string time_text(std::int64_t epoch_seconds);

[[nodiscard]] Json to_json(const std::vector<ProofLine>& proof);

}  // namespace danelaw::cli
