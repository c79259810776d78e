// `danelaw tlsa FILE…` and `danelaw tlsa --from HOST`: the TLSA records that name what a server shows.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "commands.hpp"
#include "numbers.hpp"
#include "served_chain.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "tlsa_output.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned https_port = 443;
constexpr unsigned smtp_port = 25;
constexpr std::uint32_t default_ttl = 3600;
constexpr std::uint32_t longest_ttl = 0x7FFFFFFF;  // RFC 2181 section 8
constexpr unsigned dns_port = 53;

/// What --from and --starttls name.
struct Server {
  Target target;
  const StartTls* starttls = nullptr;
};

unsigned default_port(const TlsaOptions& options, const StartTls* starttls) {
  if (!options.port) return starttls == nullptr ? https_port : starttls->default_port;
  const auto port = parse_number<unsigned>(*options.port, "--port", "a port: 1 to 65535", 65535);
  if (port == 0) throw usage("--port: \"0\" is not a port: 1 to 65535");
  return port;
}

std::optional<Server> server_of(const TlsaOptions& options) {
  if (options.starttls && !options.from) throw usage("--starttls: only with --from");
  if (!options.from) return std::nullopt;
  if (!options.files.empty()) throw usage("--from: instead of files, not beside them");
  const StartTls* const starttls = options.starttls ? find_starttls(*options.starttls) : nullptr;
  if (options.starttls && starttls == nullptr)
    throw usage(
        fmt::format("--starttls: \"{}\" is not one of {}", printable(*options.starttls), starttls_names()));
  return Server{parse_target(*options.from, default_port(options, starttls)), starttls};
}

/// The server itself where no other service is named.
std::vector<TlsaService> services_of(const TlsaOptions& options, const std::optional<Server>& server) {
  const unsigned port = default_port(options, server ? server->starttls : nullptr);
  std::vector<TlsaService> services;
  const auto add = [&](TlsaService service) {
    if (std::find(services.begin(), services.end(), service) == services.end())
      services.push_back(std::move(service));
  };
  for (const std::string& text : options.services) add(parse_service(text, port));
  for (const std::string& host : options.mail_hosts) {
    if (host.find(':') != std::string::npos)
      throw usage(fmt::format("--mx: \"{}\" is not a host name alone", host));
    add(parse_service(host, smtp_port));
  }
  if (services.empty() && server && !server->target.is_address)
    services.push_back({server->target.host, server->target.port, "tcp"});
  return services;
}

std::vector<Parameters> parameters_of(const std::vector<std::string>& words, const char* option) {
  std::vector<Parameters> list;
  for (std::size_t i = 0; i < words.size(); i += 3) {
    const std::size_t end = std::min(i + 3, words.size());
    const Parameters parameters = parse_parameters(
        {words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(end)},
        option);
    if (std::find(list.begin(), list.end(), parameters) == list.end()) list.push_back(parameters);
  }
  // RFC 7671 section 5.1: no CA, no dates, and no new record where a new certificate has the same key.
  if (list.empty()) list.push_back({3, 1, 1});
  return list;
}

/// What the server shows at each of its addresses, and where that could not be seen.
struct Seen {
  std::vector<Credential> credentials;
  std::vector<Advice> warnings;
};

Seen ask(const Server& server, const TlsaOptions& options) {
  const Settings settings = make_settings();
  set_dns(*settings, options.dns);
  Seen seen;
  for (ServedChain& served : served_chains(server.target, server.starttls, timeout_of(*settings))) {
    if (served.credential) {
      seen.credentials.push_back(std::move(*served.credential));
    } else {
      seen.warnings.push_back(
          {"address-not-seen", fmt::format("{}: {}", served.address, printable(served.error))});
    }
  }
  if (seen.credentials.empty()) throw Failure(Exit::Undecided, "--from: " + seen.warnings.front().text);
  return seen;
}

std::vector<Credential> read(const std::vector<std::string>& files) {
  if (files.empty())
    throw usage("FILE or --from is required: what the records are made of; see danelaw tlsa --help");
  if (std::count(files.begin(), files.end(), "-") > 1) throw usage("-: standard input can be read once");
  std::vector<Credential> credentials;
  for (const std::string& file : files) credentials.push_back(read_credential(file));
  return credentials;
}

std::vector<MadeRecord> make_records(const std::vector<Credential>& credentials,
                                     const std::vector<Parameters>& list) {
  std::vector<MadeRecord> records;
  for (const Parameters& parameters : list) {
    for (const Credential& credential : credentials) {
      TlsaRecord record = make_record(credential, parameters);
      const auto same = std::find_if(records.begin(), records.end(),
                                     [&](const MadeRecord& made) { return made.record == record; });
      if (same == records.end()) {
        records.push_back({std::move(record), {&credential}});
      } else {
        same->sources.push_back(&credential);
      }
    }
  }
  return records;
}

UpdateOptions update_of(const TlsaOptions& options, RecordFormat format) {
  const bool any = options.replace || options.server || options.zone;
  if (any && format != RecordFormat::Nsupdate)
    throw usage("--replace, --server, --zone: only with --format nsupdate");
  UpdateOptions update{options.replace, std::nullopt, std::nullopt};
  if (options.server) {
    const Target target = parse_target(*options.server, dns_port);
    update.server = fmt::format("{} {}", target.host, target.port);
  }
  if (options.zone) {
    const Target zone = parse_target(*options.zone, dns_port);
    if (zone.is_address)
      throw usage(fmt::format("--zone: {} is an IP address; a DNS name is needed", zone.host));
    update.zone = zone.host;
  }
  return update;
}

}  // namespace

Exit run_tlsa(const TlsaOptions& options) {
  const RecordFormat format = parse_format(options.format.value_or("zone"));
  const UpdateOptions update = update_of(options, format);
  const std::optional<Server> server = server_of(options);
  RecordReport report;
  report.services = services_of(options, server);
  if (format == RecordFormat::Nsupdate && report.services.empty())
    throw usage("--format nsupdate: --service is required: whose records they are");
  report.ttl = options.ttl ? parse_number<std::uint32_t>(*options.ttl, "--ttl", "seconds, 0 to 2147483647",
                                                         longest_ttl)
                           : default_ttl;
  const std::vector<Parameters> parameters = parameters_of(options.records, "--record");
  Seen seen = server ? ask(*server, options) : Seen{read(options.files), {}};
  report.records = make_records(seen.credentials, parameters);
  report.warnings = std::move(seen.warnings);
  const Source source = server ? Source::Server : Source::Files;
  for (Advice& advice : advice_on(report.records, report.services, source))
    report.warnings.push_back(std::move(advice));
  for (const Advice& advice : report.warnings) print_error_line("warning: " + advice.text);
  if (options.json) {
    print_json(to_json(report));
  } else {
    print_out(to_text(report, format, update));
  }
  return Exit::Good;
}

}  // namespace danelaw::cli
