// What `danelaw doctor` found: one line a check, with what to do about it.
#pragma once

#include <string>
#include <vector>

namespace danelaw::cli {

enum class CheckState {
  Well,
  Note,  ///< as it may be, and worth knowing
  Ill,
};

struct CheckLine {
  std::string check;
  CheckState state = CheckState::Ill;
  std::string text;
  std::string cure;  ///< empty where there is nothing to do
};
using CheckLines = std::vector<CheckLine>;

[[nodiscard]] bool all_well(const CheckLines& lines);
void print_text(const CheckLine& line);
void print_checks_json(const CheckLines& lines);

}  // namespace danelaw::cli
