#include "records_report.hpp"

#include <fmt/format.h>

#include "terminal.hpp"

namespace danelaw::cli {
namespace {

Colour colour_of_standing(const RecordLine& line) {
  if (line.standing != "usable") return Colour::Yellow;
  return line.matched_depth >= 0 ? Colour::Green : Colour::Plain;
}

}  // namespace

RecordLines record_lines(const danelaw_plan& plan) {
  RecordLines lines;
  for (std::size_t i = 0; i < danelaw_plan_record_count(&plan); ++i) {
    lines.push_back({danelaw_plan_record_text(&plan, i), danelaw_plan_record_standing(&plan, i), -1, ""});
  }
  return lines;
}

RecordLines record_lines(const danelaw_verdict& verdict) {
  const danelaw_plan* const plan = danelaw_verdict_plan(&verdict);
  if (plan == nullptr) return {};
  RecordLines lines = record_lines(*plan);
  for (std::size_t i = 0; i < lines.size() && i < danelaw_verdict_record_count(&verdict); ++i) {
    lines[i].matched_depth = danelaw_verdict_record_depth(&verdict, i);
    lines[i].explanation = danelaw_verdict_record_text(&verdict, i);
  }
  return lines;
}

Json to_json(const RecordLines& lines) {
  Json array = Json::array();
  for (const RecordLine& line : lines) {
    array.push_back({{"text", line.text},
                     {"standing", line.standing},
                     {"matched_depth", line.matched_depth},
                     {"explanation", line.explanation}});
  }
  return array;
}

Json reason_or_null(danelaw_reason reason) {
  return reason == DANELAW_REASON_NONE ? Json() : Json(danelaw_reason_name(reason));
}

std::string to_text(const RecordLines& lines, std::string_view indent) {
  std::string text;
  for (const RecordLine& line : lines) {
    text += fmt::format("{}{}\n", indent, shortened_record(line.text));
    text += fmt::format("{}  {}{}{}\n", indent, coloured(colour_of_standing(line), line.standing),
                        line.explanation.empty() ? "" : ": ", printable(line.explanation));
  }
  return text;
}

void print_json(const Json& object) {
  print_out(object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace danelaw::cli
