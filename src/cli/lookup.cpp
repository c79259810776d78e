// `danelaw lookup NAME TYPE`: one question, its outcome, and why.
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "commands.hpp"
#include "records_report.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

struct Report {
  danelaw_status status = DANELAW_STATUS_ERROR;
  std::string fault;
  std::string reason;
  std::string owner;
  std::uint32_t ttl = 0;
  std::vector<std::string> records;
};

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

Exit exit_for(const Report& report) {
  switch (report.status) {
    case DANELAW_STATUS_SECURE:
      return Exit::Good;
    case DANELAW_STATUS_SECURE_ABSENT:
    case DANELAW_STATUS_INSECURE:
      return Exit::NotApplicable;
    case DANELAW_STATUS_ERROR:
      return report.fault == "bogus" ? Exit::Refused : Exit::Undecided;
  }
  return Exit::Undecided;
}

Report report_of(const danelaw_answer& answer) {
  Report report;
  report.status = danelaw_answer_status(&answer);
  report.fault = danelaw_answer_fault(&answer);
  report.reason = danelaw_answer_reason(&answer);
  report.owner = danelaw_answer_owner(&answer);
  report.ttl = danelaw_answer_ttl(&answer);
  for (std::size_t i = 0; i < danelaw_answer_count(&answer); ++i) {
    report.records.emplace_back(danelaw_answer_text(&answer, i));
  }
  return report;
}

struct AnswerOrProblem {
  Answer answer;
  int code = DANELAW_OK;
  danelaw_problem problem{};
};

AnswerOrProblem ask(const danelaw_settings& settings, const LookupOptions& options) {
  AnswerOrProblem result;
  danelaw_resolver* resolver = nullptr;
  result.code = danelaw_resolver_new(&settings, &resolver, &result.problem);
  const Resolver owner(resolver);
  if (!succeeded(result.code, result.problem)) return result;
  danelaw_answer* answer = nullptr;
  result.code = danelaw_query(resolver, options.name.c_str(), options.type.c_str(), &answer, &result.problem);
  if (succeeded(result.code, result.problem)) result.answer.reset(answer);
  return result;
}

std::string to_text(const Report& report, const LookupOptions& options) {
  std::string text = fmt::format("{} {}: {}\n", printable(options.name), printable(options.type),
                                 coloured(colour_of(report.status), outcome_word(report.status)));
  for (const std::string& record : report.records) text += fmt::format("  {}\n", printable(record));
  if (!report.owner.empty()) text += fmt::format("  {:<8}{}\n", "owner", printable(report.owner));
  if (report.ttl != 0) text += fmt::format("  {:<8}{} s\n", "ttl", report.ttl);
  if (!report.fault.empty()) text += fmt::format("  {:<8}{}\n", "fault", report.fault);
  if (!report.reason.empty()) text += fmt::format("  {:<8}{}\n", "why", printable(report.reason));
  return text;
}

Json to_json(const Report& report, const LookupOptions& options) {
  return {{"outcome", outcome_word(report.status)},
          {"reason", report.reason},
          {"records", report.records},
          {"name", options.name},
          {"type", options.type},
          {"owner", report.owner},
          {"ttl", report.ttl},
          {"fault", report.fault}};
}

/// Not even an answer that says why there is none: without anchors, for one, everything would look unsigned (RFC 4035
/// section 4.3), so that is an error.
Exit give_up(const AnswerOrProblem& asked, const LookupOptions& options) {
  print_error_line(asked.problem.text);
  Report report;
  report.fault = danelaw_error_name(asked.code);
  report.reason = asked.problem.text;
  if (options.json) print_json(to_json(report, options));
  return exit_for(report);
}

}  // namespace

Exit run_lookup(const LookupOptions& options) {
  refuse_url(options.name, "NAME");
  refuse_address(options.name, "NAME");
  const Settings settings = make_settings();
  set_dns(*settings, options.dns);
  const AnswerOrProblem asked = ask(*settings, options);
  if (asked.answer == nullptr) return give_up(asked, options);
  const Report report = report_of(*asked.answer);
  if (options.json) {
    print_json(to_json(report, options));
  } else {
    print_out(to_text(report, options));
  }
  return exit_for(report);
}

}  // namespace danelaw::cli
