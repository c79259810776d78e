#include "command_options.hpp"
#include "option_parts.hpp"

namespace danelaw::cli {

void describe_watch(CLI::App& command, WatchOptions& options) {
  add(command, "LIST", options.list, "",
      "A service a line: HOST[:PORT] [starttls=PROTO], DOMAIN mail; - for standard input")
      ->required();
  add(command, "--interval", options.interval, "SECONDS",
      "Every service is looked at about once in it (900)");
  add(command, "--jobs", options.jobs, "N", "Services at a time (16)");
  add(command, "--warn-certificates", options.warn_certificates, "DAYS",
      "Days before a certificate ends (14); 0: not");
  add(command, "--warn-signatures", options.warn_signatures, "DAYS",
      "Days before the signatures over the records end (1); 0: not, and they are not asked for");
  add(command, "--state", options.state, "FILE",
      "Keep there what was told, so that a restart tells only what is new");
  add(command, "--prometheus", options.prometheus, "FILE", "Write metrics there, for a textfile collector");
  auto* const once = command.add_flag("--once", options.once, "Look once, say how each service is, and end");
  auto* const nagios = command.add_flag(
      "--nagios", options.nagios, "Look once and say it as a Nagios plugin does: one line, exit 0 to 3");
  auto* const json = command.add_flag("--json", options.json, "A JSON object a line");
  nagios->excludes(once)->excludes(json);
  add_dns(command, options.dns, "a lookup, the search for addresses, and each step of a connection");
}

}  // namespace danelaw::cli
