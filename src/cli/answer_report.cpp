#include "answer_report.hpp"
#include "danelaw/proof.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace danelaw::cli {

AnswerReport report_of(const danelaw_answer& answer) {
  AnswerReport report;
  report.status = danelaw_answer_status(&answer);
  report.fault = danelaw_answer_fault(&answer);
  report.code = danelaw_answer_code(&answer);
  report.reason = danelaw_answer_reason(&answer);
  report.owner = danelaw_answer_owner(&answer);
  report.ttl = danelaw_answer_ttl(&answer);
  report.expiry = danelaw_answer_expiry(&answer);
  for (std::size_t i = 0; i < danelaw_answer_count(&answer); ++i)
    report.records.emplace_back(danelaw_answer_text(&answer, i));
  for (std::size_t i = 0; i < danelaw_answer_proof_count(&answer); ++i) {
    ProofLine line;
    line.rrset = danelaw_answer_proof_text(&answer, i, &line.signed_until);
    report.proof.push_back(std::move(line));
  }
  return report;
}

const char* outcome_word(danelaw_status status) {
  switch (status) {
    case DANELAW_STATUS_ERROR:
      return "error";
    case DANELAW_STATUS_SECURE:
      return "secure";
    case DANELAW_STATUS_SECURE_ABSENT:
      return "secure-absent";
    case DANELAW_STATUS_INSECURE:
      return "insecure";
  }
  return "error";
}

Colour colour_of(danelaw_status status) {
  switch (status) {
    case DANELAW_STATUS_SECURE:
    case DANELAW_STATUS_SECURE_ABSENT:
      return Colour::Green;
    case DANELAW_STATUS_INSECURE:
      return Colour::Yellow;
    case DANELAW_STATUS_ERROR:
      return Colour::Red;
  }
  return Colour::Red;
}

std::string to_text(const AnswerReport& report) {
  std::string text;
  for (const std::string& record : report.records) text += fmt::format("  {}\n", printable(record));
  return text + end_of_text(report);
}

std::string end_of_text(const AnswerReport& report) {
  std::string text;
  if (!report.owner.empty()) text += fmt::format("  {:<8}{}\n", "owner", printable(report.owner));
  if (report.ttl != 0) text += fmt::format("  {:<8}{} s\n", "ttl", report.ttl);
  if (!report.fault.empty()) text += fmt::format("  {:<8}{}\n", "fault", report.fault);
  if (!report.reason.empty()) text += fmt::format("  {:<8}{}\n", "why", printable(report.reason));
  return text;
}

std::string time_text(std::int64_t epoch_seconds) {
  const std::time_t time = epoch_seconds;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return fmt::format("{}", epoch_seconds);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Json to_json(const std::vector<ProofLine>& proof) {
  Json array = Json::array();
  for (const ProofLine& line : proof)
    array.push_back({{"rrset", line.rrset}, {"signed_until", line.signed_until}});
  return array;
}

}  // namespace danelaw::cli
