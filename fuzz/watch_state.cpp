// What `danelaw watch` remembers, read from a file that may be anybody's. Either one line for people, or standings that
// are written and read again as the same.
#include "src/cli/watch_state.hpp"

#include <string>
#include <string_view>

#include "fuzz_assert.hpp"
#include "src/cli/exit.hpp"

using namespace danelaw::cli;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Standings standings;
  try {
    standings = parse_state(text, "input");
  } catch (const Failure& failure) {
    FUZZ_ASSERT(failure.exit() == Exit::Usage);
    FUZZ_ASSERT(std::string_view(failure.what()).find("input") != std::string_view::npos);
    return 0;
  }
  const std::string written = to_state_text(standings);
  FUZZ_ASSERT(parse_state(written, "input").size() == standings.size());
  FUZZ_ASSERT(to_state_text(parse_state(written, "input")) == written);
  return 0;
}
