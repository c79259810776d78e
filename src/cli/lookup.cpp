// `danelaw lookup NAME TYPE`: one question, its outcome, and why.
#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "answer_report.hpp"
#include "climb.hpp"
#include "commands.hpp"
#include "danelaw/proof.h"
#include "explained_answer.hpp"
#include "files.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "trace_report.hpp"

namespace danelaw::cli {
namespace {

Exit exit_for(const AnswerReport& report) {
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

bool is_traced(const LookupOptions& options) { return options.trace || options.dot; }
bool needs_records(const LookupOptions& options) { return options.save_proof || is_traced(options); }

Climb climb_of(const LookupOptions& options) { return options.climb ? Climb::Yes : Climb::No; }

Climbed ask(const danelaw_settings& settings, const LookupOptions& options) {
  Climbed failed;
  danelaw_resolver* resolver = nullptr;
  failed.code = danelaw_resolver_new(&settings, &resolver, &failed.problem);
  const Resolver owner(resolver);
  if (!succeeded(failed.code, failed.problem)) return failed;
  say_what_is_wrong_with_cache(settings);
  const auto query = [&](const char* name, danelaw_answer** answer, danelaw_problem* problem) {
    return danelaw_query(resolver, name, options.type.c_str(), answer, problem);
  };
  return ask_upwards(query, options.name, climb_of(options));
}

Climbed ask_with_records(const danelaw_settings& settings, const LookupOptions& options) {
  const auto query = [&](const char* name, danelaw_answer** answer, danelaw_problem* problem) {
    const auto function = is_traced(options) ? danelaw_query_trace : danelaw_query_proof;
    return function(&settings, name, options.type.c_str(), answer, problem);
  };
  return ask_upwards(query, options.name, climb_of(options));
}

/// False where there is none: no failure of the file's.
bool save_proof(const danelaw_answer& answer, const std::string& path) {
  std::size_t octets = 0;
  const std::uint8_t* const proof = danelaw_answer_proof(&answer, &octets);
  if (proof == nullptr) return false;
  write_file(path, {proof, octets});
  return true;
}

std::string to_text(const AnswerReport& report, const ExplainedAnswer& explained,
                    const LookupOptions& options) {
  return fmt::format("{} {}: {}\n", printable(options.name), printable(options.type),
                     coloured(colour_of(report.status), outcome_word(report.status))) +
         to_text(report, explained);
}

/// What the answer alone does not say of CAA: it is no more than the name's own, or where the search ended.
std::string text_of_climb(danelaw_status status, const std::vector<std::string>& asked,
                          const LookupOptions& options) {
  const bool is_absent = status == DANELAW_STATUS_SECURE_ABSENT;
  if (!options.climb && is_absent && is_caa(options.type))
    return fmt::format("  {:<8}{}\n", "hint", "CAs go on with its parents (RFC 8659 section 3): --climb");
  if (!options.climb) return "";
  std::string names;
  for (const std::string& name : asked) names += (names.empty() ? "" : ", then ") + printable(name);
  std::string text = fmt::format("  {:<8}{}\n", "asked", names);
  if (is_absent) text += "  none up to the top-level domain: CAA lets anybody issue\n";
  if (status == DANELAW_STATUS_INSECURE)
    text += "  what is unsigned is not read: what CAs find there is not known\n";
  return text;
}

Json to_json(const AnswerReport& report, const LookupOptions& options) {
  return {{"outcome", outcome_word(report.status)},
          {"reason", report.reason},
          {"records", report.records},
          {"name", options.name},
          {"type", options.type},
          {"owner", report.owner},
          {"ttl", report.ttl},
          {"fault", report.fault}};
}

/// With --save-proof, what was saved is part of the object.
Json to_json(const AnswerReport& report, const LookupOptions& options, bool saved) {
  Json json = to_json(report, options);
  if (saved) json["proof"] = to_json(report.proof);
  return json;
}

/// Not even an answer that says why there is none: without anchors, for one, everything would look unsigned (RFC 4035
/// section 4.3), so that is an error.
Exit give_up(const Climbed& asked, const LookupOptions& options) {
  print_error_line(asked.problem.text);
  AnswerReport report;
  report.fault = danelaw_error_name(asked.code);
  report.reason = asked.problem.text;
  if (options.json) print_json(to_json(report, options));
  return exit_for(report);
}

void print(const Climbed& asked, const LookupOptions& options, const AnswerReport& report, bool saved) {
  const TraceLines trace = trace_of(*asked.answer);
  if (options.dot) return print_out(to_dot(trace, fmt::format("{} {}", asked.asked.back(), options.type)));
  const ExplainedAnswer explained = explain(*asked.answer, options.type);
  if (!options.json)
    return print_out(to_text(report, explained, options) +
                     text_of_climb(report.status, asked.asked, options) + to_text(trace));
  Json json = to_json(report, options, saved);
  add_to(json, explained);
  if (options.climb) json["asked"] = asked.asked;
  if (options.trace) json["trace"] = to_json(trace);
  print_json(json);
}

}  // namespace

Exit run_lookup(const LookupOptions& options) {
  refuse_url(options.name, "NAME");
  refuse_address(options.name, "NAME");
  if (options.climb && !is_caa(options.type))
    throw usage("--climb is for CAA: no other type is looked for further up");
  const Settings settings = make_settings();
  set_dns(*settings, needs_records(options) ? with_records(options.dns) : options.dns);
  const Climbed asked =
      needs_records(options) ? ask_with_records(*settings, options) : ask(*settings, options);
  if (asked.answer == nullptr) return give_up(asked, options);
  const bool saved = options.save_proof && save_proof(*asked.answer, *options.save_proof);
  const AnswerReport report = report_of(*asked.answer);
  print(asked, options, report, saved);
  if (!options.save_proof || saved) return exit_for(report);
  print_error_line(
      fmt::format("--save-proof: nothing is proven, so {} was not written", *options.save_proof));
  return report.status == DANELAW_STATUS_ERROR ? exit_for(report) : Exit::Undecided;
}

}  // namespace danelaw::cli
