// The records of an answer, each with what it means, where we know more of its type than its presentation form says.
#pragma once

#include "answer_report.hpp"
#include "explanation.hpp"

namespace danelaw::cli {

struct ExplainedAnswer {
  std::vector<Explanation>
      records;  ///< one for each record of the answer; none where its type is not explained
  std::optional<Explanation> set;  ///< what they mean together
  std::string set_name;            ///< in JSON
};

/// The mnemonic in any case, or TYPE257.
[[nodiscard]] bool is_caa(std::string_view type);

/// The RDATA of each record.
[[nodiscard]] std::vector<std::string> rdatas_of(const danelaw_answer& answer);

[[nodiscard]] ExplainedAnswer explain(const danelaw_answer& answer, std::string_view type);

/// As to_text() of the report alone, with indented lines below each record.
[[nodiscard]] std::string to_text(const AnswerReport& report, const ExplainedAnswer& explained);
void add_to(Json& json, const ExplainedAnswer& explained);

}  // namespace danelaw::cli
