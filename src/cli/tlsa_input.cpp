#include "tlsa_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "exit.hpp"
#include "numbers.hpp"
#include "served_chain.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned https_port = 443;
constexpr unsigned smtp_port = 25;
constexpr unsigned dns_port = 53;

unsigned default_port(const TlsaOptions& options, const StartTls* starttls) {
  if (!options.port) return starttls == nullptr ? https_port : starttls->default_port;
  const auto port = parse_number<unsigned>(*options.port, "--port", "a port: 1 to 65535", 65535);
  if (port == 0) throw usage("--port: \"0\" is not a port: 1 to 65535");
  return port;
}

bool is_inside(const std::string& owner, const std::string& zone) {
  return owner == zone || owner.ends_with("." + zone);
}

RecordFormat parse_format(const std::string& word) {
  if (word == "zone") return RecordFormat::Zone;
  if (word == "generic") return RecordFormat::Generic;
  if (word == "nsupdate") return RecordFormat::Nsupdate;
  throw usage(fmt::format("--format: \"{}\" is not zone, generic or nsupdate", printable(word)));
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

const StartTls* starttls_of(const TlsaOptions& options) {
  if (!options.starttls) return nullptr;
  const StartTls* const starttls = find_starttls(*options.starttls);
  if (starttls != nullptr) return starttls;
  throw usage(
      fmt::format("--starttls: \"{}\" is not one of {}", printable(*options.starttls), starttls_names()));
}

Clients clients_of(const TlsaService& service, const TlsaOptions& options) {
  const StartTls* const starttls = starttls_of(options);
  const bool is_mail = service.port == smtp_port || (starttls != nullptr && starttls->name == "smtp");
  return is_mail ? Clients::MailServers : Clients::Any;
}

std::optional<Server> server_of(const TlsaOptions& options) {
  const StartTls* const starttls = starttls_of(options);
  if (starttls != nullptr && !options.from && !options.check)
    throw usage("--starttls: only with --from or --check");
  if (!options.from) return std::nullopt;
  if (!options.files.empty()) throw usage("--from: instead of files, not beside them");
  return Server{parse_target(*options.from, default_port(options, starttls)), starttls};
}

std::vector<TlsaService> services_of(const TlsaOptions& options, const std::optional<Server>& server) {
  const unsigned port = default_port(options, starttls_of(options));
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
  return list;
}

/// Where no address showed a certificate: the first one's reason, and what may be missing.
Failure not_seen(const Server& server, const std::string& why) {
  const StartTls* const usual = server.starttls == nullptr ? starttls_at(server.target.port) : nullptr;
  const std::string advice = usual == nullptr ? ""
                                              : fmt::format("; port {} mostly wants --starttls {}",
                                                            usual->default_port, usual->name);
  return {Exit::Undecided, fmt::format("{}: {}{}", server.target.to_text(), why, advice)};
}

Seen ask_server(const Server& server, const TlsaOptions& options) {
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
  if (seen.credentials.empty()) throw not_seen(server, seen.warnings.front().text);
  return seen;
}

RecordStyle style_of(const TlsaOptions& options, const std::vector<TlsaService>& services) {
  const RecordFormat format = parse_format(options.format.value_or("zone"));
  if (format == RecordFormat::Nsupdate && services.empty())
    throw usage("--format nsupdate: --service is required: whose records they are");
  RecordStyle style{format, update_of(options, format)};
  for (const TlsaService& service : services)
    if (style.update.zone && !is_inside(service.owner(), *style.update.zone))
      throw usage(fmt::format("--zone: {} is not in {}", service.owner(), *style.update.zone));
  return style;
}

std::optional<std::uint32_t> ttl_of(const TlsaOptions& options) {
  if (!options.ttl) return std::nullopt;
  return parse_number<std::uint32_t>(*options.ttl, "--ttl", "seconds, 0 to 2147483647", longest_ttl);
}

}  // namespace danelaw::cli
