#include "option_parts.hpp"
#include "starttls.hpp"

namespace danelaw::cli {
namespace {

/// Usage, selector and matching type, three words each time.
void add_parameters(CLI::App& command, const char* name, std::vector<std::string>& words,
                    const std::string& help) {
  command.add_option(name, words, help)
      ->type_name("USAGE SELECTOR TYPE")
      ->type_size(3)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
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
  add(command, "--timeout", options.dns.timeout, "MS",
      "Milliseconds for the search for addresses, and each step of a connection (5000)");
}

}  // namespace danelaw::cli
