// `danelaw smtp DOMAIN…`: the mail hosts of domains, the TLS that each requires, and with --connect whether it is there.
#include <fmt/format.h>

#include <fstream>
#include <new>

#include "commands.hpp"
#include "domain_check.hpp"
#include "lines_in_order.hpp"
#include "numbers.hpp"
#include "parallel.hpp"
#include "settings.hpp"
#include "smtp_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t max_domains = 10'000'000;

Settings settings_of(const SmtpOptions& options) {
  Settings settings = make_settings();
  set_dns(*settings, options.dns);
  set(*settings, "profile", "smtp", "--profile");
  if (options.mode) set(*settings, "mode", *options.mode, "--mode");
  if (options.insecure_mx) set(*settings, "insecure_mx", *options.insecure_mx, "--insecure-mx");
  return settings;
}

SslContext make_context(const danelaw_settings& settings) {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) throw std::bad_alloc();
  danelaw_problem problem{};
  require(danelaw_ssl_ctx_attach(context.get(), nullptr, &settings, &problem), problem);
  return context;
}

std::string shown(const SmtpOptions& options, const DomainReport& report, std::size_t domains) {
  if (options.json) return to_json(report).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return domains == 1 ? to_text(report) : to_line(report);
}

/// A domain a line; what follows '#' is a remark.
void read_domains(const std::string& path, std::vector<std::string>& domains) {
  std::ifstream file(path);
  if (!file) throw usage(fmt::format("--file: {}: cannot be read", path));
  for (std::string line; std::getline(file, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos) continue;
    domains.push_back(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin));
    if (domains.size() > max_domains) throw usage(fmt::format("--file: more than {} domains", max_domains));
  }
}

/// On the command line a name that is none is a mistake to be told at once; in a file it is one line of many.
void refuse_bad_names(const std::vector<std::string>& domains, danelaw_resolver& resolver,
                      const danelaw_settings& settings) {
  for (const std::string& domain : domains) {
    refuse_url(domain, "DOMAIN");
    danelaw_problem problem{};
    danelaw_route* raw = nullptr;
    const int code = danelaw_smtp_begin(&resolver, &settings, domain.c_str(), &raw, &problem);
    const Route route(raw);
    require(code, problem);
  }
}

Exit give_up(const SmtpOptions& options, const std::vector<std::string>& domains,
             const danelaw_problem& problem) {
  print_error_line(problem.text);
  for (const std::string& domain : domains)
    if (options.json) print_json(to_json(report_without_route(domain, problem)));
  return Exit::Undecided;
}

}  // namespace

Exit run_smtp(const SmtpOptions& options) {
  std::vector<std::string> domains = options.domains;
  if (options.file) read_domains(*options.file, domains);
  if (domains.empty()) throw usage("a DOMAIN is needed, or --file with some");
  const auto jobs =
      parse_number<std::size_t>(options.jobs.value_or("16"), "--jobs", "a number from 1 to 256", 256);
  if (jobs == 0) throw usage("--jobs: 0 is not a number from 1 to 256");
  const Settings settings = settings_of(options);
  danelaw_problem problem{};
  danelaw_resolver* resolver = nullptr;
  const int made = danelaw_resolver_new(settings.get(), &resolver, &problem);
  const Resolver owner(resolver);
  if (!succeeded(made, problem)) return give_up(options, domains, problem);
  refuse_bad_names(options.domains, *resolver, *settings);
  const SslContext context = make_context(*settings);
  // Looking for misplaced records costs questions, which nobody has asked for of whole lists.
  const DomainCheck check{*settings, *resolver, *context, options.connect ? Connect::Yes : Connect::No,
                          domains.size() == 1 ? FindFaults::ByMoreQuestions : FindFaults::FromAnswers};

  std::vector<Fitness> all(domains.size(), Fitness::Error);
  LinesInOrder lines(domains.size());
  in_parallel(domains.size(), jobs, [&](std::size_t i) {
    const DomainReport report = look_at(check, domains[i]);
    all[i] = report.fitness;
    lines.put(i, shown(options, report, domains.size()));
  });
  return exit_for(worst(all));
}

}  // namespace danelaw::cli
