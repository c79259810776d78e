#include "service.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "activation.hpp"
#include "log.hpp"
#include "socketmap_client.hpp"
#include "sources.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::chrono::seconds grace{10};

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

}  // namespace

Configuration configuration_for(const Options& options) {
  std::error_code error;
  const bool has_default = std::filesystem::exists(default_configuration_file, error);
  return configuration_from_file(
      options.configuration.value_or(has_default ? default_configuration_file : ""), options.settings);
}

Service::Service(Options options, Configuration configuration)
    : m_options(std::move(options)),
      m_configuration(std::move(configuration)),
      m_desk(m_loop, make_sources(m_configuration), m_configuration.desk, *this),
      m_mail_servers(m_loop, m_configuration.clients, [this](Descriptor socket) {
        return std::make_shared<SocketmapClient>(m_loop, std::move(socket), m_configuration.idle, m_desk);
      }) {
  allow_many_descriptors();
  watch_signals();
  open_listeners();
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

void Service::open_listeners() {
  for (GivenSocket& given : take_given_sockets()) {
    m_mail_servers.listen(fmt::format("given {}", given.descriptor.get()), std::move(given.descriptor));
    m_was_given_sockets = true;
  }
  if (m_was_given_sockets) return;
  if (m_configuration.listen.empty()) throw Failure(Exit::Usage, "there is nothing to listen at");
  for (const Endpoint& endpoint : m_configuration.listen)
    m_mail_servers.listen(to_string(endpoint), listen_at(endpoint, m_configuration.socket_mode));
}

Exit Service::run() {
  notify("READY=1");
  m_loop.run();
  for (const Endpoint& endpoint : m_configuration.listen)
    if (!m_was_given_sockets && !endpoint.path.empty()) unlink(endpoint.path.c_str());
  return Exit::Good;
}

void Service::on_signal(int number) {
  if (number == SIGHUP) return reload();
  shut_down();
}

void Service::reload() {
  if (m_is_ending) return;
  try {
    Configuration next = configuration_for(m_options);
    Sources sources = make_sources(next);
    std::vector<std::pair<Endpoint, Descriptor>> opened;
    const auto& now = m_configuration.listen;
    for (const Endpoint& endpoint : next.listen)
      if (!m_was_given_sockets && std::find(now.begin(), now.end(), endpoint) == now.end())
        opened.emplace_back(endpoint, listen_at(endpoint, next.socket_mode));
    take(std::move(next), std::move(sources), std::move(opened));
    say("the configuration was read again");
  } catch (const std::exception& failure) {
    say(fmt::format("the configuration stays as it was: {}", failure.what()));
  }
}

void Service::take(Configuration configuration, Sources sources,
                   std::vector<std::pair<Endpoint, Descriptor>> opened) {
  for (auto& [endpoint, socket] : opened) m_mail_servers.listen(to_string(endpoint), std::move(socket));
  for (const Endpoint& endpoint : m_configuration.listen) {
    const auto& kept = configuration.listen;
    if (m_was_given_sockets || std::find(kept.begin(), kept.end(), endpoint) != kept.end()) continue;
    m_mail_servers.stop_listening(to_string(endpoint));
    if (!endpoint.path.empty()) unlink(endpoint.path.c_str());
  }
  m_configuration = std::move(configuration);
  m_mail_servers.allow(m_configuration.clients);
  m_desk.use(std::move(sources), m_configuration.desk);
}

void Service::shut_down() {
  if (std::exchange(m_is_ending, true)) return;
  notify("STOPPING=1");
  m_mail_servers.dismiss();
  if (m_mail_servers.count() == 0) return m_loop.stop();
  m_loop.after(grace, [this] { m_loop.stop(); });
}

void Service::answered(const Reply&, std::chrono::microseconds) {}

void Service::found(const Finding&) {}

}  // namespace danelaw::policyd
