#include "climb.hpp"

#include "caa_set.hpp"
#include "settings.hpp"

namespace danelaw::cli {

Climbed ask_upwards(const Query& query, std::string name, Climb climb) {
  Climbed result;
  do {
    danelaw_answer* answer = nullptr;
    result.asked.push_back(name);
    result.answer.reset();
    result.code = query(name.c_str(), &answer, &result.problem);
    if (!succeeded(result.code, result.problem)) return result;
    result.answer.reset(answer);
    // Only a proof that there is none leads further up: what is unsigned or failed may have some.
    if (climb == Climb::No || danelaw_answer_status(answer) != DANELAW_STATUS_SECURE_ABSENT) return result;
    name = parent_of(name);
  } while (!name.empty());
  return result;
}

}  // namespace danelaw::cli
