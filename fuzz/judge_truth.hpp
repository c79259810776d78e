// What is true in the world of the unit tests, for each of the questions of judge_input.hpp: whoever has none of its keys must not
// get any other judgement than this.
#pragma once

#include <string>
#include <vector>

#include "judge_input.hpp"

namespace judge_truth {

/// What a verdict says, without its times.
inline std::string said(const danelaw::dnssec::Verdict& verdict) {
  std::string text = lab::summary(verdict);
  if (const auto* const secure = std::get_if<danelaw::dnssec::SecureRrset>(&verdict)) {
    for (const danelaw::Buffer& rdata : secure->rdatas) text.append(" ").append(rdata.begin(), rdata.end());
  }
  return text;
}

inline bool is_failure(const danelaw::dnssec::Verdict& verdict) {
  return std::holds_alternative<danelaw::dnssec::Bogus>(verdict) ||
         std::holds_alternative<danelaw::dnssec::Missing>(verdict);
}

inline const std::string& truth(std::size_t index) {
  const auto& questions = judge_input::questions();
  static std::vector<std::string> known(questions.size());
  if (known[index].empty()) known[index] = said(lab::common_world().verdict(questions[index]));
  return known[index];
}

}  // namespace judge_truth
