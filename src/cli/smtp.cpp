// `danelaw smtp DOMAIN…`: the mail hosts of domains, the TLS that each requires, and with --connect whether it is there.
#include <fmt/format.h>

#include <fstream>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "commands.hpp"
#include "numbers.hpp"
#include "parallel.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "smtp_faults.hpp"
#include "smtp_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t hosts_at_once = 4;
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

/// What all domains share.
struct Run {
  const SmtpOptions& options;
  const danelaw_settings& settings;
  danelaw_resolver& resolver;
  SSL_CTX& context;
  std::size_t domains = 0;
};

/// EHLO, STARTTLS and handshake with every address of the host; nothing is sent after that.
void connect(const Run& run, const danelaw_route& route, std::size_t index, MxHost& host) {
  if (host.requirement == DANELAW_DO_NOT_USE) return;
  AddressSearch search(host.name, host.port, Family::Any);
  const Target target{host.name, host.port, is_address(host.name)};
  const Approach approach{.context = run.context,
                          .plan = *danelaw_route_plan(&route, index),
                          .starttls = find_starttls("smtp"),
                          .target = target,
                          .timeout = timeout_of(run.settings),
                          .route = &route,
                          .host = index};
  const AddressList list = search.wait(approach.timeout);
  host.address_problem = list.problem;
  for (const Address& address : list.addresses) host.peers.push_back(try_peer(address, approach));
  judge_peers(host);
}

std::vector<MxHost> look_at_hosts(const Run& run, const danelaw_route& route) {
  std::vector<MxHost> hosts;
  for (std::size_t i = 0; i < danelaw_route_count(&route); ++i) hosts.push_back(mx_host(route, i));
  if (run.options.connect)
    in_parallel(hosts.size(), hosts_at_once, [&](std::size_t i) { connect(run, route, i, hosts[i]); });
  return hosts;
}

DomainReport look_at(const Run& run, const std::string& domain) {
  danelaw_problem problem{};
  danelaw_route* raw = nullptr;
  const int code = danelaw_smtp_plan(&run.resolver, &run.settings, domain.c_str(), &raw, &problem);
  const Route route(raw);
  if (code != DANELAW_OK) return report_without_route(domain, problem);
  DomainReport report = make_domain_report(*route, look_at_hosts(run, *route));
  // Looking for misplaced records costs questions, which nobody has asked for of whole lists.
  explain_faults(report, run.domains == 1 ? &run.resolver : nullptr);
  return report;
}

/// What is said of the domains, in the order in which they were named, as soon as it can be said.
class Lines final {
 public:
  explicit Lines(std::size_t count) : m_lines(count), m_progress(count) {}

  void put(std::size_t index, std::string line) {
    const std::lock_guard lock(m_mutex);
    m_lines[index] = std::move(line);
    ++m_done;
    if (m_lines[m_next]) m_progress.clear();
    for (; m_next < m_lines.size() && m_lines[m_next]; ++m_next) {
      print_out(*m_lines[m_next]);
      m_lines[m_next]->clear();
      m_lines[m_next]->shrink_to_fit();
    }
    m_progress.show(m_done);
  }

 private:
  std::mutex m_mutex;
  std::vector<std::optional<std::string>> m_lines;
  std::size_t m_next = 0;
  std::size_t m_done = 0;
  Progress m_progress;
};

std::string shown(const Run& run, const DomainReport& report) {
  if (run.options.json) return to_json(report).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return run.domains == 1 ? to_text(report) : to_line(report);
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
  const Run run{options, *settings, *resolver, *context, domains.size()};

  std::vector<Fitness> all(domains.size(), Fitness::Error);
  Lines lines(domains.size());
  in_parallel(domains.size(), jobs, [&](std::size_t i) {
    const DomainReport report = look_at(run, domains[i]);
    all[i] = report.fitness;
    lines.put(i, shown(run, report));
  });
  return exit_for(worst(all));
}

}  // namespace danelaw::cli
