// A file of pins, as anybody may have left it: what is read prints the very same text, up to order, and stays within limits.
#include "service/pins.hpp"
#include "fuzz_assert.hpp"

using namespace danelaw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pins = service::Pins::from_text(text);
  if (!pins) return 0;
  FUZZ_ASSERT(pins->size() <= service::max_pins);
  FUZZ_ASSERT(pins->to_text().size() == text.size());
  FUZZ_ASSERT(service::Pins::from_text(pins->to_text()) == pins);
  return 0;
}
