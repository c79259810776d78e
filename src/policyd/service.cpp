#include "service.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "activation.hpp"
#include "http.hpp"
#include "log.hpp"
#include "socketmap_client.hpp"
#include "sources.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::chrono::seconds grace{10};
constexpr std::chrono::seconds watcher_idle{10};
constexpr std::size_t most_watchers = 16;

/// Each search and each client has some; the default of 1024 is for programs that use select().
void allow_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

sigset_t signals_of_ours() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&set, number);
  return set;
}

std::unique_ptr<DailyReport> report_for(EventLoop& loop, const ReportSettings& settings) {
  return settings.directory.empty() ? nullptr : std::make_unique<DailyReport>(loop, settings);
}

}  // namespace

Configuration configuration_for(const Options& options) {
  std::error_code error;
  const bool has_default = std::filesystem::exists(default_configuration_file, error);
  Configuration made = configuration_from_file(
      options.configuration.value_or(has_default ? default_configuration_file : ""), options.settings);
  // systemd.exec(5), StateDirectory=
  const char* const state = std::getenv("STATE_DIRECTORY");
  if (made.sts.directory.empty() && state != nullptr && state[0] == '/')
    made.sts.directory = fmt::format("{}/mta-sts", state);
  return made;
}

Service::Service(Options options, Configuration configuration)
    : m_options(std::move(options)),
      m_configuration(std::move(configuration)),
      m_report(report_for(m_loop, m_configuration.report)),
      m_desk(m_loop, make_sources(m_loop, m_configuration), m_configuration.desk, *this),
      m_mail_servers(m_loop, m_configuration.clients,
                     [this](Descriptor socket) {
                       return std::make_shared<SocketmapClient>(m_loop, std::move(socket),
                                                                m_configuration.idle, m_desk);
                     }),
      m_watchers(m_loop, most_watchers, [this](Descriptor socket) {
        return std::make_shared<MetricsClient>(m_loop, std::move(socket), watcher_idle,
                                               [this] { return metrics_page(); });
      }) {
  allow_many_descriptors();
  watch_signals();
  take_given();
  m_mail_servers.listen_at(m_configuration.listen,
                           m_mail_servers.open(m_configuration.listen, m_configuration.socket_mode));
  m_watchers.listen_at(m_configuration.metrics,
                       m_watchers.open(m_configuration.metrics, m_configuration.socket_mode));
}

void Service::watch_signals() {
  // Before there is another thread: each inherits the mask.
  const sigset_t set = signals_of_ours();
  sigprocmask(SIG_BLOCK, &set, nullptr);
  m_signals = Descriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  const bool watched = m_signals.is_open() && m_loop.watch(m_signals.get(), EPOLLIN, [this](std::uint32_t) {
    signalfd_siginfo info{};
    while (read(m_signals.get(), &info, sizeof info) == sizeof info)
      on_signal(static_cast<int>(info.ssi_signo));
  });
  if (!watched) throw Failure(Exit::Undecided, "signals cannot be watched");
}

/// A socket named "metrics" is for metrics, every other one for mail servers.
void Service::take_given() {
  for (GivenSocket& given : take_given_sockets())
    (given.name == "metrics" ? m_watchers : m_mail_servers).listen_at_given(std::move(given.descriptor));
}

Exit Service::run() {
  notify("READY=1");
  m_loop.run();
  return Exit::Good;
}

void Service::on_signal(int number) {
  if (number == SIGHUP) return reload();
  shut_down();
}

void Service::reload() {
  if (m_is_ending) return;
  notify("RELOADING=1");
  try {
    take(configuration_for(m_options));
    m_metrics.count_reload(true);
    say("the configuration was read again");
  } catch (const std::exception& failure) {
    m_metrics.count_reload(false);
    say(fmt::format("the configuration stays as it was: {}", failure.what()));
  }
  notify("READY=1");
}

/// All of it, or nothing.
void Service::take(Configuration next) {
  Sources sources = make_sources(m_loop, next, m_desk.sources());
  auto for_mail_servers = m_mail_servers.open(next.listen, next.socket_mode);
  auto for_watchers = m_watchers.open(next.metrics, next.socket_mode);
  auto report = m_report && m_report->settings() == next.report ? nullptr : report_for(m_loop, next.report);
  const bool has_other_report = !m_report || m_report->settings() != next.report;
  m_configuration = std::move(next);
  if (has_other_report) m_report = std::move(report);
  m_mail_servers.listen_at(m_configuration.listen, std::move(for_mail_servers));
  m_mail_servers.allow(m_configuration.clients);
  m_watchers.listen_at(m_configuration.metrics, std::move(for_watchers));
  m_desk.use(std::move(sources), m_configuration.desk);
}

void Service::shut_down() {
  if (std::exchange(m_is_ending, true)) return;
  notify("STOPPING=1");
  m_mail_servers.dismiss();
  m_watchers.dismiss();
  m_loop.after(grace, [this] { m_loop.stop(); });
  stop_when_all_are_gone();
}

void Service::stop_when_all_are_gone() {
  constexpr std::chrono::milliseconds look_again{20};
  if (m_mail_servers.count() == 0) return m_loop.stop();
  m_loop.after(look_again, [this] { stop_when_all_are_gone(); });
}

void Service::answered(const Reply& reply, const Account* account, std::chrono::microseconds after) {
  m_metrics.count(reply, after);
  if (m_report && account != nullptr) m_report->count(*account);
}

std::shared_ptr<const Account> Service::found(const Finding& finding) {
  m_metrics.count(finding);
  return m_report ? account_of(finding) : nullptr;
}

std::string Service::metrics_page() const {
  Gauges gauges{m_mail_servers.count(), m_desk.in_flight(), m_desk.waiting(), m_desk.kept(), 0, {}, {}};
  if (const auto& sts = m_desk.sources().sts) {
    gauges.policies = sts->store().count();
    gauges.fetches = sts->counts;
  }
  if (const auto& fleet = m_desk.sources().fleet) gauges.fleet = fleet->counts();
  return m_metrics.text(gauges);
}

}  // namespace danelaw::policyd
