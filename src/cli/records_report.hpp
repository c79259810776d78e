// One line per TLSA record: what it is, what became of it, why. The same for `check` and `verify-chain`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "danelaw/danelaw.h"

namespace danelaw::cli {

using Json = nlohmann::ordered_json;

struct RecordLine {
  std::string text;
  std::string standing;
  int matched_depth = -1;
  std::string explanation;
  friend bool operator==(const RecordLine&, const RecordLine&) = default;
};
using RecordLines = std::vector<RecordLine>;

/// The records of a plan that was held against nothing.
[[nodiscard]] RecordLines record_lines(const danelaw_plan& plan);
/// The same, with what the verdict says of each.
[[nodiscard]] RecordLines record_lines(const danelaw_verdict& verdict);

[[nodiscard]] Json to_json(const RecordLines& lines);
/// The verdict's stable word; null where none was reached.
[[nodiscard]] Json reason_or_null(danelaw_reason reason);
/// Two lines a record: the record and its standing, and below it the explanation. Every line begins with
/// `indent`.
[[nodiscard]] std::string to_text(const RecordLines& lines, std::string_view indent);

/// The one object that ends standard output under --json, on a line of its own. Text that is no UTF-8 is
/// replaced.
void print_json(const Json& object);

}  // namespace danelaw::cli
