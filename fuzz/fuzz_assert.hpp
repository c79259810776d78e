// What every fuzz target shares: a property that does not hold ends the process by abort(), with one line that says
// which, so that an engine, the plain runner and a person all see the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#define FUZZ_ASSERT(property)                                                                     \
  do {                                                                                            \
    if (!(property)) {                                                                            \
      std::fprintf(stderr, "property does not hold: %s:%d: %s\n", __FILE__, __LINE__, #property); \
      std::abort();                                                                               \
    }                                                                                             \
  } while (false)

/// The engine's entry (https://llvm.org/docs/LibFuzzer.html); one per target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
