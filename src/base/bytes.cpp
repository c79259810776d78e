#include "base/bytes.hpp"

#include <algorithm>

namespace danelaw {

bool equal(Bytes a, Bytes b) { return std::ranges::equal(a, b); }

}  // namespace danelaw
