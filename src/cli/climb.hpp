// Questions about CAA go from a name to its parents (RFC 8659 section 3), one after the other; all others are one question.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "handles.hpp"

namespace danelaw::cli {

struct Climbed {
  Answer answer;  ///< to the last question; null where there was a problem
  int code = DANELAW_OK;
  danelaw_problem problem{};
  std::vector<std::string> asked;  ///< the names, the first one first
};

/// danelaw_query() or one of its kind, for a name.
using Query = std::function<int(const char* name, danelaw_answer** answer, danelaw_problem* problem)>;

enum class Climb { No, Yes };

/// Of the name, or of the first name above it that is not proven to have none. Throws a Failure with Exit::Usage for a name that is
/// none.
[[nodiscard]] Climbed ask_upwards(const Query& query, std::string name, Climb climb);

}  // namespace danelaw::cli
