// A property that is false on purpose, but only for inputs that the corpus does not hold: it proves that mutations
// reach what the corpus does not, and that a broken property is seen. expect_violation.py judges the outcome.
#include "fuzz_assert.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) FUZZ_ASSERT(data[at] < 0x80);
  return 0;
}
