#include "command_options.hpp"
#include "option_parts.hpp"
#include "starttls.hpp"

namespace danelaw::cli {
namespace {

/// Usage, selector and matching type, three words each time.
CLI::Option* add_parameters(CLI::App& command, const char* name, std::vector<std::string>& words,
                            const std::string& help) {
  return command.add_option(name, words, help)
      ->type_name("USAGE SELECTOR TYPE")
      ->type_size(3)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void describe_rollover(CLI::App& command, TlsaOptions& options) {
  auto* const rollover = command.add_flag("--rollover", options.rollover,
                                          "Say which records to publish when (RFC 7671 section 8)");
  std::vector<CLI::Option*> only_there = {
      add(command, "--current", options.current, "FILE",
          "What the server shows now, or --from; whole chains"),
      add(command, "--next", options.next, "FILE", "What it shall show"),
      add_parameters(command, "--current-record", options.current_records,
                     "Which record is there now, repeatable (3 1 1); --record: which shall be, in the end"),
      add(command, "--propagation", options.propagation, "SECONDS",
          "Until all name servers have a change (0)"),
      add(command, "--signature-lifetime", options.signature_lifetime, "SECONDS", "Of the zone's signatures"),
      add(command, "--time", options.time, "EPOCH|now",
          "When to begin: seconds since 1970, or now (default)"),
      command.add_flag("--lookup", options.lookup, "Take records, TTL and signatures from DNS"),
      command.add_flag("--check", options.check, "Look whether now is a safe moment to switch"),
      add(command, "--step", options.step, "NUMBER", "The records of that step alone, as --format says"),
      add(command, "--published", options.published, "EPOCH",
          "Since when all name servers have what is there now")};
  for (CLI::Option* const option :
       add_dns(command, options.dns, "a lookup, the search for addresses, and each step of a connection"))
    only_there.push_back(option);
  for (CLI::Option* const option : only_there) option->needs(rollover);
}

}  // namespace

void describe_tlsa(CLI::App& command, TlsaOptions& options) {
  add(command, "FILE", options.files, "",
      "Certificates, leaf first, a request or a key, PEM or DER; - for standard input");
  add(command, "--from", options.from, "HOST[:PORT]", "A live server, taken at its word, instead of files");
  add(command, "--starttls", options.starttls, "PROTO", "With --from: start TLS inside " + starttls_names());
  add_each(command, "--service", options.services, "HOST[:PORT][/udp|/sctp]",
           "Whose records they are, repeatable; without one the records stand alone");
  add_each(command, "--mx", options.mail_hosts, "HOST", "A mail host, repeatable: --service HOST:25");
  add(command, "--port", options.port, "PORT",
      "Of services that name none (443, or the STARTTLS protocol's)");
  add_parameters(command, "--record", options.records, "Which record, repeatable (3 1 1)");
  add(command, "--ttl", options.ttl, "SECONDS", "Of the records (3600)");
  add(command, "--format", options.format, "FORMAT", "zone (default), generic (RFC 3597) or nsupdate");
  command.add_flag("--replace", options.replace, "nsupdate: delete the TLSA records that are there first");
  add(command, "--server", options.server, "HOST[:PORT]", "nsupdate: the server to send the update to");
  add(command, "--zone", options.zone, "NAME", "nsupdate: the zone to update");
  add_json(command, options.json);
  describe_rollover(command, options);
}

}  // namespace danelaw::cli
