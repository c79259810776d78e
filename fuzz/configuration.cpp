// The plugin's settings, as a user may have written them: lines of DANELAW_SETTINGS, or what a file holds. Either
// BadConfiguration, with one line for people, or settings of which a rule can be had for every program and peer.
#include "plugin/configuration.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz_assert.hpp"

using namespace danelaw::plugin;

namespace {

/// OpenSSL's parser reads other files and the environment where it is told to: not in here. A backslash joins lines.
bool reaches_out(std::string_view lines) {
  std::string joined;
  for (const char c : lines)
    if (c != '\\' && c != '\r' && c != '\n') joined += c;
  return joined.find("include") != std::string::npos || joined.find('$') != std::string::npos;
}

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void check_settings(const danelaw_settings* settings) {
  FUZZ_ASSERT(settings != nullptr);
  FUZZ_ASSERT(is_one_of(danelaw_settings_get(settings, "mode"), {"off", "opportunistic", "mandatory"}));
  FUZZ_ASSERT(is_one_of(danelaw_settings_get(settings, "profile"), {"generic", "smtp", "srv"}));
  FUZZ_ASSERT(is_one_of(danelaw_settings_get(settings, "verify_none"), {"respect", "enforce"}));
}

void check_rules(const Configuration& configuration) {
  for (const std::string_view program : {"", "curl", "python3.11"}) {
    for (const Peer& peer :
         {Peer{}, Peer{"www.example", 443}, Peer{"2001:db8::1", 25}, Peer{"", 5432}, Peer{".", 0}}) {
      const Choice choice = configuration.rule_for(program, peer);
      check_settings(choice.settings());
      FUZZ_ASSERT(choice.rule.port <= 65535);
      FUZZ_ASSERT(choice.rule.fit(program, peer) != Fit::No);
    }
  }
}

void check_log(const LogSettings& log) {
  const bool has_path = !log.path.empty() && log.path.front() == '/';
  FUZZ_ASSERT((log.to == LogTo::File) == has_path);
}

void check_configuration(const Configuration& configuration, bool mode_is_from_environment) {
  check_settings(configuration.settings());
  check_log(configuration.log());
  check_rules(configuration);
  if (mode_is_from_environment)
    FUZZ_ASSERT(std::string_view(danelaw_settings_get(configuration.settings(), "mode")) == "mandatory");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view lines(reinterpret_cast<const char*>(data), size);
  if (reaches_out(lines)) return 0;
  try {
    const Text text = read_lines(lines, "input");
    check_configuration(Configuration::understand(text), false);
    check_configuration(Configuration::understand(text, {{"mode", "mandatory"}}), true);
  } catch (const BadConfiguration& bad) {
    FUZZ_ASSERT(std::string_view(bad.what()).starts_with("input"));
  }
  return 0;
}
