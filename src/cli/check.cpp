// `danelaw check HOST[:PORT]`: one plan, held against every address of the service.
#include <fmt/format.h>
#include <openssl/err.h>

#include <new>
#include <optional>

#include "beside_verdict.hpp"
#include "check_report.hpp"
#include "commands.hpp"
#include "records_file.hpp"
#include "service_check.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned https_port = 443;

const StartTls* starttls_of(const CheckOptions& options) {
  if (!options.starttls) return nullptr;
  const StartTls* const protocol = find_starttls(*options.starttls);
  if (protocol != nullptr) return protocol;
  throw usage(fmt::format("--starttls: \"{}\" is not one of {}", *options.starttls, starttls_names()));
}

Settings settings_of(const CheckOptions& options, const StartTls* starttls) {
  Settings settings = make_settings();
  set_dns(*settings, options.dns);
  if (options.mode) set(*settings, "mode", *options.mode, "--mode");
  const bool mail = starttls != nullptr && starttls->name == "smtp";  // RFC 7672
  set(*settings, "profile", options.profile.value_or(mail ? "smtp" : "generic"), "--profile");
  if (options.dnssec_chain) set(*settings, "dnssec_chain", "on", "--dnssec-chain");
  if (options.skip_dane_ee_names) set(*settings, "dane_ee_names", "skip", "--dane-ee-no-namecheck");
  return settings;
}

int newest_version(const CheckOptions& options) {
  if (!options.tls_max || *options.tls_max == "1.3") return TLS1_3_VERSION;
  if (*options.tls_max == "1.2") return TLS1_2_VERSION;
  throw usage(fmt::format("--tls-max: \"{}\" is not 1.2 or 1.3", *options.tls_max));
}

/// A context that verifies by plans only. A named CA file is read now, so that a bad one is found before
/// anything is sent; the system's store is loaded once a plan needs it, because that takes longer than a
/// handshake.
SslContext make_context(const CheckOptions& options, const danelaw_settings& settings) {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), newest_version(options));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (options.ca_file && SSL_CTX_load_verify_file(context.get(), options.ca_file->c_str()) != 1) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    throw usage(fmt::format("--ca-file: {}: {}; a file of PEM certificates is needed", *options.ca_file,
                            reason == nullptr ? "cannot be read" : reason));
  }
  danelaw_problem problem{};
  require(danelaw_ssl_ctx_attach(context.get(), nullptr, &settings, &problem), problem);
  return context;
}

void require_address(const CheckOptions& options) {
  if (!options.address || is_address(*options.address)) return;
  throw usage(fmt::format("--address: \"{}\" is not an IP address", *options.address));
}

/// What the command line says of a service.
struct Preparation {
  const CheckOptions& options;
  const ServiceCheck known;
};

/// The exit code is the report's: what stands beside it has no say.
Exit print(const CheckReport& report, const std::optional<BesideVerdict>& beside,
           const CheckOptions& options) {
  if (options.json) {
    Json json = to_json(report);
    if (beside) json["information"] = to_json(*beside);
    print_json(json);
  } else {
    print_out(to_text(report) + (beside ? to_text(*beside) : ""));
  }
  return exit_for(report);
}

Exit give_up(const Preparation& prepared, const danelaw_problem& problem) {
  print_error_line(problem.text);
  const CheckReport report = report_without_plan(prepared.known.target, problem);
  return prepared.options.json ? print(report, std::nullopt, prepared.options) : exit_for(report);
}

Exit check_with_dns(const Preparation& prepared) {
  const ServiceCheck& known = prepared.known;
  danelaw_problem problem{};
  danelaw_resolver* resolver = nullptr;
  const int made = danelaw_resolver_new(&known.settings, &resolver, &problem);
  const Resolver owner(resolver);
  if (!succeeded(made, problem)) return give_up(prepared, problem);
  say_what_is_wrong_with_cache(known.settings);
  const std::optional<CheckReport> report = check_by_dns(known, *resolver, problem);
  if (!report) return give_up(prepared, problem);
  std::optional<BesideVerdict> beside;
  // Addresses have neither.
  if (prepared.options.all && !known.target.is_address)
    beside = look_beside(*resolver, known.target.host, report->peers);
  return print(*report, beside, prepared.options);
}

Exit check_with_file(const Preparation& prepared, const std::string& path) {
  const ServiceCheck& known = prepared.known;
  const Records records = read_records_file(path);
  danelaw_problem problem{};
  danelaw_plan* plan = nullptr;
  require(danelaw_plan_from_records(&known.settings, known.target.host.c_str(), known.target.port,
                                    DANELAW_TRANSPORT_TCP, records.get(), &plan, &problem),
          problem);
  const Plan owner(plan);
  CheckReport report = try_addresses(known, *plan, begin_address_search(known), nullptr);
  report.lookup_text = fmt::format("not asked: records from {}", path);
  return print(report, std::nullopt, prepared.options);
}

}  // namespace

Exit run_check(const CheckOptions& options) {
  const StartTls* const starttls = starttls_of(options);
  const Target target =
      parse_target(options.service, starttls == nullptr ? https_port : starttls->default_port);
  const Settings settings = settings_of(options, starttls);
  require_address(options);
  const SslContext context = make_context(options, *settings);
  const Family family = options.ipv4_only ? Family::Ipv4 : options.ipv6_only ? Family::Ipv6 : Family::Any;
  const bool has_store = options.ca_file.has_value();
  const Preparation prepared{options,
                             {target, starttls, *settings, *context, family, options.address, has_store}};
  return options.records_file ? check_with_file(prepared, *options.records_file) : check_with_dns(prepared);
}

}  // namespace danelaw::cli
