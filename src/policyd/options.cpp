#include "options.hpp"

#include <CLI/CLI.hpp>

#include "danelaw/danelaw.h"
#include "failure.hpp"

namespace danelaw::policyd {

std::variant<Options, ShowText> parse_command_line(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Tells Postfix the TLS policy of each domain, from validated TLSA records and MTA-STS.",
               "danelaw-policyd");
  app.set_version_flag("--version", std::string("danelaw-policyd ") + danelaw_version());
  app.add_option("-c,--config", options.configuration, "The configuration file")->type_name("FILE");
  app.add_option("-s,--set", options.settings,
                 "A setting that goes before the file's; [policyd] ones as policyd.KEY")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--once", options.once, "Print the answer for DOMAIN and why, and end")->type_name("DOMAIN");
  app.add_flag("--json", options.json, "With --once: one JSON object")->needs("--once");
  app.add_flag("--check", options.check, "Look at the configuration, and end")->excludes("--once");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ShowText{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return ShowText{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    throw Failure(Exit::Usage, error.what());
  }
  return options;
}

}  // namespace danelaw::policyd
