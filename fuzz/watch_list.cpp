// The list of `danelaw watch`. Either one line for people that begins with the list's name, or services, each of them
// once, whose names are lines of a list that says the same.
#include "src/cli/watch_list.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz_assert.hpp"
#include "src/cli/exit.hpp"
#include "src/cli/terminal.hpp"

using namespace danelaw::cli;

namespace {

void check_services(const std::vector<WatchedService>& services) {
  FUZZ_ASSERT(!services.empty() && services.size() <= max_watched);
  std::set<std::string> names;
  std::string again;
  for (const WatchedService& service : services) {
    FUZZ_ASSERT(names.insert(service.name).second);
    FUZZ_ASSERT(printable(service.name) == service.name);
    FUZZ_ASSERT(service.is_mail() || !service.target.host.empty());
    FUZZ_ASSERT(service.is_mail() || (service.target.port > 0 && service.target.port <= 65535));
    again += service.name + "\n";
  }
  const std::vector<WatchedService> second = parse_watch_list(again, "input");
  FUZZ_ASSERT(second.size() == services.size());
  for (std::size_t i = 0; i < services.size(); ++i) FUZZ_ASSERT(second[i].name == services[i].name);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<WatchedService> services;
  try {
    services = parse_watch_list(text, "input");
  } catch (const Failure& failure) {
    FUZZ_ASSERT(failure.exit() == Exit::Usage);
    FUZZ_ASSERT(std::string_view(failure.what()).starts_with("input: "));
    return 0;
  }
  check_services(services);
  return 0;
}
