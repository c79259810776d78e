// `danelaw lookup NAME TYPE`: one question, its outcome, and why.
#include <fmt/format.h>

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
  Report report{danelaw_answer_status(&answer), danelaw_answer_fault(&answer), danelaw_answer_reason(&answer),
                danelaw_answer_owner(&answer),  danelaw_answer_ttl(&answer),   {}};
  for (std::size_t i = 0; i < danelaw_answer_count(&answer); ++i) {
    report.records.emplace_back(danelaw_answer_text(&answer, i));
  }
  return report;
}

Report ask(danelaw_resolver& resolver, const LookupOptions& options) {
  danelaw_problem problem{};
  danelaw_answer* raw = nullptr;
  require(danelaw_query(&resolver, options.name.c_str(), options.type.c_str(), &raw, &problem), problem);
  return report_of(*Answer(raw));
}

void print_text(const Report& report, const LookupOptions& options) {
  std::string text = fmt::format("{} {}: {}\n", printable(options.name), printable(options.type),
                                 coloured(colour_of(report.status), outcome_word(report.status)));
  for (const std::string& record : report.records) text += fmt::format("  {}\n", printable(record));
  if (!report.owner.empty()) text += fmt::format("  {:<8}{}\n", "owner", printable(report.owner));
  if (report.ttl != 0) text += fmt::format("  {:<8}{} s\n", "ttl", report.ttl);
  if (!report.fault.empty()) text += fmt::format("  {:<8}{}\n", "fault", report.fault);
  if (!report.reason.empty()) text += fmt::format("  {:<8}{}\n", "why", printable(report.reason));
  print_out(text);
}

void print(const Report& report, const LookupOptions& options) {
  if (!options.json) return print_text(report, options);
  print_json({{"outcome", outcome_word(report.status)},
              {"reason", report.reason},
              {"records", report.records},
              {"name", options.name},
              {"type", options.type},
              {"owner", report.owner},
              {"ttl", report.ttl},
              {"fault", report.fault}});
}

}  // namespace

Exit run_lookup(const LookupOptions& options) {
  refuse_address(options.name, "NAME");
  const Settings settings = make_settings();
  set_dns(*settings, options.dns);
  danelaw_problem problem{};
  danelaw_resolver* raw = nullptr;
  const int code = danelaw_resolver_new(settings.get(), &raw, &problem);
  const Resolver resolver(raw);
  if (code == DANELAW_ERR_ANCHOR) {
    // Without anchors nothing can be told apart: an error, never "insecure" (RFC 4035 section 4.3).
    print_error_line(problem.text);
    if (options.json)
      print({DANELAW_STATUS_ERROR, danelaw_error_name(code), problem.text, "", 0, {}}, options);
    return Exit::Undecided;
  }
  require(code, problem);
  const Report report = ask(*resolver, options);
  print(report, options);
  return exit_for(report);
}

}  // namespace danelaw::cli
