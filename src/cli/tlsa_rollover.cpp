// `danelaw tlsa --rollover`: which records to publish when; with --check whether now is a safe moment to switch.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "commands.hpp"
#include "numbers.hpp"
#include "rollover_report.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "tlsa_input.hpp"

namespace danelaw::cli {
namespace {

constexpr std::uint32_t default_ttl = 3600;
constexpr std::int64_t longest_time = 100LL * 366 * 86400;  // a hundred years

void refuse_what_makes_records(const TlsaOptions& options) {
  if (!options.files.empty()) throw usage("--rollover: give files by --current and --next");
  const bool any_style = options.format || options.replace || options.server || options.zone;
  if (any_style && !options.step)
    throw usage("--rollover: --format, --replace, --server and --zone are for records: give --step, too");
  if (options.step && (options.check || options.json))
    throw usage("--step: without --check and --json; the plan as JSON has the records of every step");
  if (!options.next)
    throw usage("--rollover: --next is required: the chain or key that the server shall show");
  if (options.current == "-" && options.next == "-") throw usage("-: standard input can be read once");
}

std::int64_t seconds_of(const std::optional<std::string>& text, const char* option, std::int64_t otherwise) {
  if (!text) return otherwise;
  return parse_number<std::int64_t>(*text, option, "seconds, at most a hundred years", longest_time);
}

/// Without any lifetime a signature would never be valid.
std::int64_t signature_lifetime_of(const std::string& text) {
  const char* const wanted = "seconds, 1 at least, at most a hundred years";
  const auto lifetime = parse_number<std::int64_t>(text, "--signature-lifetime", wanted, longest_time);
  if (lifetime != 0) return lifetime;
  throw usage(fmt::format("--signature-lifetime: \"{}\" is not {}", text, wanted));
}

std::int64_t now_of(const TlsaOptions& options) {
  return parse_time(options.time).value_or(static_cast<std::int64_t>(std::time(nullptr)));
}

/// Every kind that is wanted must be there of the chain that stays.
void require_kinds(const std::vector<Parameters>& wanted, const Associations& next,
                   const Credential& credential) {
  for (const Parameters& parameters : wanted) {
    if (next.contains(parameters)) continue;
    throw usage(
        fmt::format("--next: {}: no record {} can be made of it; give the whole chain, leaf first, or say "
                    "with --record what shall be published",
                    printable(credential.source), to_text(parameters)));
  }
}

std::vector<Advice> advice_on_kinds(const std::vector<Parameters>& wanted, const Credential& next,
                                    const Associations& chain, const std::vector<TlsaService>& services) {
  std::vector<MadeRecord> made;
  for (const Parameters& parameters : wanted) made.push_back({record_of(chain, parameters), {&next}});
  return advice_on(made, services, Source::Files);
}

/// Records that are there and belong to neither chain. They may be another certificate's beside it.
void warn_of_strangers(const Rollover& rollover, std::vector<Advice>& warnings) {
  for (const TlsaRecord& record : rollover.published)
    if (!matches(rollover.current, record) && !matches(rollover.next, record))
      warnings.push_back({"stranger", fmt::format("{} matches neither chain and is gone in the end; is it of "
                                                  "another certificate that the server shows?",
                                                  shortened_record(to_text(record)))});
  const std::vector<Parameters> unmatched = unmatched_kinds(rollover.published, rollover.current);
  if (!unmatched.empty())
    warnings.push_back(
        {"unmatched-kind", fmt::format("no published record {} matches what is shown now: clients "
                                       "that go by it refuse it (RFC 7671 section 8.4)",
                                       to_text(unmatched))});
}

Published look_up(const TlsaService& service, const TlsaOptions& options) {
  Published published = look_up_records(service.owner(), options.dns, clients_of(service, options));
  if (published.answer.status == DANELAW_STATUS_ERROR)
    throw Failure(Exit::Undecided,
                  fmt::format("{} TLSA: {}", service.owner(), printable(published.answer.reason)));
  return published;
}

/// Where the service is an alias of a name with records: that name's service.
std::optional<TlsaService> alias_of(const TlsaService& service, const TlsaOptions& options) {
  const std::string name = deciding_name(service, options.dns, clients_of(service, options));
  if (name == service.host) return std::nullopt;
  return TlsaService{name, service.port, service.transport};
}

/// Clients that follow the alias find nothing there that they could use.
std::string ends_without_dane(const TlsaService& service, const TlsaService& end) {
  return fmt::format(
      "{} is an alias: clients that follow it find no record at {} that they can use, and the "
      "search ends there: for them there is no DANE (RFC 7671 section 7); others go by its own "
      "records",
      service.host, end.owner());
}

/// Records at an alias are not those that clients go by: to judge them alone would say that a switch is safe which locks
/// everybody out.
[[noreturn]] void refuse_alias(const TlsaService& service, const TlsaService& deciding) {
  throw usage(
      fmt::format("{} is an alias, and clients go by the records at {} (RFC 7671 section 7): give --service "
                  "{}:{}/{}",
                  service.host, deciding.owner(), deciding.host, service.port, service.transport));
}

Credential current_of(const TlsaOptions& options, const std::optional<Server>& server,
                      std::vector<Advice>& warnings) {
  if (options.current && server) throw usage("--current and --from: one of them");
  if (options.current) return read_credential(*options.current);
  if (!server) throw usage("--rollover: --current or --from is required: what the server shows now");
  Seen seen = ask_server(*server, options);
  warnings = std::move(seen.warnings);
  const Credential& first = seen.credentials.front();
  for (const Credential& other : seen.credentials)
    if (associations_of(other) != associations_of(first))
      throw usage("--from: the addresses show different chains; make a plan for each, with --current");
  return std::move(seen.credentials.front());
}

const TlsaService& only_service(const std::vector<TlsaService>& services) {
  if (services.size() != 1) throw usage("--lookup, --check: one --service is needed");
  return services.front();
}

template <class Report>
void print(const Report& report, const TlsaOptions& options) {
  for (const Advice& advice : report.warnings) print_error_line("warning: " + advice.text);
  if (options.json) {
    print_json(to_json(report));
  } else {
    print_out(to_text(report));
  }
}

/// What stands in DNS, by DNS.
void take_published(PlanReport& report, const TlsaOptions& options) {
  Rollover& rollover = report.rollover;
  const TlsaService& service = only_service(report.services);
  const Published published = look_up(service, options);
  if (const std::optional<TlsaService> deciding = alias_of(service, options)) {
    if (!look_up(*deciding, options).records.empty()) refuse_alias(service, *deciding);
    report.warnings.push_back({"alias", ends_without_dane(service, *deciding)});
  }
  for (const TlsaRecord& record : published.unusable)
    report.warnings.push_back(
        {"unusable-record", fmt::format("{} is published, and no client acts on it; it is gone in the end",
                                        shortened_record(to_text(record)))});
  if (published.answer.status == DANELAW_STATUS_INSECURE)
    report.warnings.push_back({"not-signed",
                               "the zone is not signed: no client acts on TLSA records in it (RFC "
                               "6698 section 4.1)"});
  rollover.published = published.records;
  rollover.published_since = seconds_of(options.published, "--published", rollover.start);
  if (!options.ttl && !published.records.empty()) report.ttl = published.ttl;
  rollover.longest_ttl = std::max(published.ttl, report.ttl);
  if (!report.signature_lifetime && published.signed_until > rollover.start)
    report.signature_lifetime = published.signed_until - rollover.start;
}

/// What stands in DNS, by the options: records of the current chain, for long.
void suppose_published(PlanReport& report, const TlsaOptions& options) {
  Rollover& rollover = report.rollover;
  std::vector<Parameters> kinds = parameters_of(options.current_records, "--current-record");
  if (kinds.empty()) kinds.push_back({3, 1, 1});
  for (const Parameters& parameters : kinds) {
    if (!rollover.current.contains(parameters))
      throw usage(fmt::format("--current-record: {}: no record {} can be made of it; give the whole chain",
                              printable(report.current), to_text(parameters)));
    rollover.published.push_back(record_of(rollover.current, parameters));
  }
  rollover.longest_ttl = report.ttl;
}

/// --record; by default the kinds that are there.
std::vector<Parameters> wanted_of(const TlsaOptions& options, const std::vector<TlsaRecord>& published) {
  std::vector<Parameters> wanted = parameters_of(options.records, "--record");
  if (wanted.empty()) wanted = kinds_of(published);
  if (wanted.empty()) wanted.push_back({3, 1, 1});
  return wanted;
}

/// --step: what to publish then, and nothing else.
std::string records_of_step(const PlanReport& report, const TlsaOptions& options) {
  RecordStyle style = style_of(options, report.services);
  style.update.replace =
      style.format == RecordFormat::Nsupdate;  // a step's records are all that shall be there
  const auto number = parse_number<std::size_t>(*options.step, "--step", "the number of a step", 9);
  if (number == 0 || number > report.steps.size())
    throw usage(fmt::format("--step {}: the plan has {} steps", number, report.steps.size()));
  const Step& step = report.steps[number - 1];
  if (step.kind != StepKind::Publish)
    throw usage(
        fmt::format("--step {}: to {} no record is published or taken away", number, to_string(step.kind)));
  return lines_of(report.services, report.ttl, step.records, style);
}

Exit make_plan(const TlsaOptions& options, const std::optional<Server>& server) {
  if (options.lookup && !options.current_records.empty())
    throw usage("--lookup and --current-record: one of them");
  PlanReport report;
  report.services = services_of(options, server);
  const Credential next = read_credential(*options.next);
  const Credential current = current_of(options, server, report.warnings);
  report.current = current.source;
  report.next = next.source;
  report.ttl = ttl_of(options).value_or(default_ttl);
  if (options.signature_lifetime)
    report.signature_lifetime = signature_lifetime_of(*options.signature_lifetime);
  Rollover& rollover = report.rollover;
  rollover.current = associations_of(current);
  rollover.next = associations_of(next);
  rollover.start = now_of(options);
  rollover.propagation = seconds_of(options.propagation, "--propagation", 0);
  if (options.lookup) {
    take_published(report, options);
  } else {
    suppose_published(report, options);
  }
  rollover.wanted = wanted_of(options, rollover.published);
  require_kinds(rollover.wanted, rollover.next, next);
  report.steps = plan_rollover(rollover);
  warn_of_strangers(rollover, report.warnings);
  for (Advice& advice : advice_on_kinds(rollover.wanted, next, rollover.next, report.services))
    report.warnings.push_back(std::move(advice));
  if (options.step) {
    print_out(records_of_step(report, options));
    return Exit::Good;
  }
  print(report, options);
  return Exit::Good;
}

/// What the server shows at each of its addresses.
void take_shown(MomentReport& report, const Server& server, const TlsaOptions& options) {
  Moment& moment = report.moment;
  Seen seen = ask_server(server, options);
  report.warnings = std::move(seen.warnings);
  for (const Credential& credential : seen.credentials) {
    moment.shown.push_back(associations_of(credential));
    report.shown.push_back({credential.source, shows_next(moment.shown.back(), moment.next),
                            unmatched_kinds(moment.published, moment.shown.back())});
  }
}

/// The records at one name, held against what the server shows who is asked by it.
MomentReport judge(const TlsaService& service, Published published, const std::optional<Server>& server,
                   const Associations& next, const TlsaOptions& options) {
  MomentReport report;
  report.service = service;
  report.published = std::move(published);
  Moment& moment = report.moment;
  moment.next = next;
  moment.now = now_of(options);
  if (options.published) moment.published_since = seconds_of(options.published, "--published", 0);
  moment.published = report.published.records;
  moment.wanted = wanted_of(options, moment.published);
  const std::uint32_t ttl = std::max(ttl_of(options).value_or(0), report.published.ttl);
  moment.wait = seconds_of(options.propagation, "--propagation", 0) + 2 * std::int64_t{ttl};
  const Target own{service.host, service.port, false};
  take_shown(report, server.value_or(Server{own, starttls_of(options)}), options);
  report.judgement = judge_moment(moment);
  return report;
}

/// Some clients follow aliases, others never do, and either must not be locked out.
MomentReport worse_of(MomentReport own, MomentReport other) {
  const Advice advice{"alias",
                      other.published.records.empty()
                          ? ends_without_dane(own.service, other.service)
                          : fmt::format("{} is an alias: clients that follow it go by the records at {}, "
                                        "others by its own; both were looked at, and the worse counts",
                                        own.service.host, other.service.owner())};
  MomentReport& worse = is_worse(other.judgement, own.judgement) ? other : own;
  MomentReport& better = &worse == &own ? other : own;
  worse.warnings.insert(worse.warnings.begin(), advice);
  std::move(better.warnings.begin(), better.warnings.end(), std::back_inserter(worse.warnings));
  better.warnings.clear();
  worse.beside = std::make_shared<const MomentReport>(std::move(better));
  return std::move(worse);
}

Exit check_moment(const TlsaOptions& options, const std::optional<Server>& server) {
  if (options.current || !options.current_records.empty())
    throw usage("--check: what is there now is seen; leave --current and --current-record out");
  const std::vector<TlsaService> services = services_of(options, server);
  const TlsaService& service = only_service(services);
  if (!server && service.transport != "tcp") throw usage("--check: a server can be asked over TCP only");
  const Associations next = associations_of(read_credential(*options.next));
  Published published = look_up(service, options);
  const std::optional<TlsaService> deciding = alias_of(service, options);
  Published followed = deciding ? look_up(*deciding, options) : Published{};
  if (deciding && published.records.empty() && !followed.records.empty()) refuse_alias(service, *deciding);
  MomentReport report = judge(service, std::move(published), server, next, options);
  if (deciding)
    report = worse_of(std::move(report), judge(*deciding, std::move(followed), std::nullopt, next, options));
  print(report, options);
  return exit_for(report.judgement.stage);
}

}  // namespace

Exit run_rollover(const TlsaOptions& options) {
  refuse_what_makes_records(options);
  const std::optional<Server> server = server_of(options);
  return options.check ? check_moment(options, server) : make_plan(options, server);
}

}  // namespace danelaw::cli
