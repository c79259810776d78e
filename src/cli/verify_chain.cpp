// `danelaw verify-chain`: certificates and records from files, judged by the code that judges connections.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "commands.hpp"
#include "numbers.hpp"
#include "records_file.hpp"
#include "records_report.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned assumed_port = 443;  // part of the plan's service; nothing offline depends on it

danelaw_offline offline_settings(const VerifyChainOptions& options) {
  danelaw_offline offline{};
  offline.size = sizeof offline;
  offline.ca_file = options.ca_file ? options.ca_file->c_str() : nullptr;
  if (const auto time = parse_time(options.time)) {
    offline.has_time = 1;
    offline.time = *time;
  }
  if (options.verify_depth) {
    offline.has_verify_depth = 1;
    offline.verify_depth =
        parse_number<int>(*options.verify_depth, "--verify-depth", "a number of certificates");
  }
  return offline;
}

Plan make_plan(const VerifyChainOptions& options) {
  const Settings settings = make_settings();
  if (options.skip_dane_ee_names) set(*settings, "dane_ee_names", "skip", "--dane-ee-no-namecheck");
  const Records records = read_records_file(options.tlsa_file);
  danelaw_problem problem{};
  danelaw_plan* raw = nullptr;
  require(danelaw_plan_from_records(settings.get(), options.names.front().c_str(), assumed_port,
                                    DANELAW_TRANSPORT_TCP, records.get(), &raw, &problem),
          problem);
  Plan plan(raw);
  for (std::size_t i = 1; i < options.names.size(); ++i) {
    require(danelaw_plan_add_name(plan.get(), options.names[i].c_str(), &problem), problem);
  }
  return plan;
}

void print_text(const danelaw_verdict& verdict, const char* word) {
  const bool accepted = danelaw_verdict_accepted(&verdict) != 0;
  std::string text = fmt::format("{}: {}\n", coloured(accepted ? Colour::Green : Colour::Red, word),
                                 printable(danelaw_verdict_summary(&verdict)));
  text += fmt::format("  {:<9}{} ({})\n", "result", danelaw_verdict_verify_result(&verdict),
                      printable(danelaw_verdict_verify_text(&verdict)));
  text += fmt::format("  {:<9}{}\n", "chain", printable(danelaw_verdict_chain(&verdict)));
  const RecordLines records = record_lines(verdict);
  text += fmt::format("  {:<9}{}\n", "records", records.size());
  text += to_text(records, "    ");
  const std::string hint = danelaw_verdict_hint(&verdict);
  if (!hint.empty()) text += fmt::format("  {:<9}{}\n", "hint", printable(hint));
  print_out(text);
}

Json to_json(const danelaw_verdict& verdict, const char* word) {
  return {{"verdict", word},
          {"verify_result", danelaw_verdict_verify_result(&verdict)},
          {"match_depth", danelaw_verdict_match_depth(&verdict)},
          {"decision", danelaw_decision_name(danelaw_verdict_decision(&verdict))},
          {"reason", danelaw_reason_name(danelaw_verdict_reason(&verdict))},
          {"reason_text", danelaw_verdict_summary(&verdict)},
          {"verify_text", danelaw_verdict_verify_text(&verdict)},
          {"matched_name", danelaw_verdict_matched_name(&verdict)},
          {"records", to_json(record_lines(verdict))},
          {"chain", danelaw_verdict_chain(&verdict)},
          {"hint", danelaw_verdict_hint(&verdict)}};
}

}  // namespace

Exit run_verify_chain(const VerifyChainOptions& options) {
  for (const std::string& name : options.names) {
    refuse_url(name, "--name");
    refuse_address(name, "--name");
  }
  const danelaw_offline offline = offline_settings(options);
  const Plan plan = make_plan(options);
  danelaw_problem problem{};
  danelaw_verdict* raw = nullptr;
  require(danelaw_verify_chain(options.chain_file.c_str(), plan.get(), &offline, &raw, &problem), problem);
  const Verdict verdict(raw);
  const bool accepted = danelaw_verdict_accepted(verdict.get()) != 0;
  const char* const word = accepted ? "ok" : "fail";
  if (options.json) {
    print_json(to_json(*verdict, word));
  } else {
    print_text(*verdict, word);
  }
  return accepted ? Exit::Good : Exit::Refused;
}

}  // namespace danelaw::cli
