#include "doctor_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "records_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

const char* word_of(CheckState state) {
  switch (state) {
    case CheckState::Well:
      return "ok";
    case CheckState::Note:
      return "note";
    case CheckState::Ill:
      return "fail";
  }
  return "fail";
}

Colour colour_of(CheckState state) {
  switch (state) {
    case CheckState::Well:
      return Colour::Green;
    case CheckState::Note:
      return Colour::Yellow;
    case CheckState::Ill:
      return Colour::Red;
  }
  return Colour::Red;
}

}  // namespace

bool all_well(const CheckLines& lines) {
  return std::none_of(lines.begin(), lines.end(),
                      [](const CheckLine& line) { return line.state == CheckState::Ill; });
}

void print_text(const CheckLine& line) {
  const std::string word = fmt::format("{:<5}", word_of(line.state));
  const std::string cure = line.cure.empty() ? "" : "; " + line.cure;
  print_out(fmt::format("{} {}: {}{}\n", coloured(colour_of(line.state), word), line.check,
                        printable(line.text), printable(cure)));
  std::fflush(stdout);  // the next check may take its time
}

void print_checks_json(const CheckLines& lines) {
  Json checks = Json::array();
  for (const CheckLine& line : lines)
    checks.push_back(
        {{"check", line.check}, {"state", word_of(line.state)}, {"text", line.text}, {"cure", line.cure}});
  print_json({{"well", all_well(lines)}, {"checks", checks}});
}

}  // namespace danelaw::cli
