#include "process.hpp"

#include <pthread.h>
#include <stdlib.h>

#include <mutex>
#include <new>
#include <set>

#include "log.hpp"

namespace danelaw::plugin {
namespace {

constexpr const char* file_variable = "DANELAW_CONF";
constexpr const char* lines_variable = "DANELAW_SETTINGS";

/// Different lines that log_once() writes: a program may meet any number of hosts.
constexpr std::size_t most_lines_once = 64;

/// Nothing in programs that run with another user's rights: their caller's environment says nothing about their peers.
std::string from_environment(const char* variable) {
  const char* value = secure_getenv(variable);
  return value == nullptr ? "" : value;
}

/// What DANELAW_SETTINGS has, which may hold no rules.
std::vector<Setting> lines_from_environment() {
  const std::string lines = from_environment(lines_variable);
  if (lines.empty()) return {};
  const Text text = read_lines(lines, lines_variable);
  for (const Setting& setting : text.main.settings)
    if (setting.key == "rules")
      throw BadConfiguration(std::string(lines_variable) + ": rules stand in a file: name it in " +
                             file_variable);
  return text.main.settings;
}

}  // namespace

struct Process::State {
  std::mutex mutex;
  std::optional<Text> section;                // of openssl.cnf
  std::optional<std::string> section_is_bad;  // why it could not be read
  std::optional<const Configuration> configuration;
  std::optional<std::string> problem;  // why there is none
  Resolver resolver;
  std::set<std::string> logged_once;

  Configuration read() const {
    const std::vector<Setting> lines = lines_from_environment();
    const std::string file = from_environment(file_variable);
    if (!file.empty()) return Configuration::understand(read_file(file), lines);
    if (section_is_bad) throw BadConfiguration(*section_is_bad);
    if (section) return Configuration::understand(*section, lines);
    return Configuration::understand({"built in", {"default", {}}, {}}, lines);
  }

  const Configuration& understood() {
    if (configuration) return *configuration;
    if (problem) throw BadConfiguration(*problem);
    try {
      return configuration.emplace(read());
    } catch (const BadConfiguration& bad) {
      problem = bad.what();
      LogSettings loudly;
      loudly.to = stderr_is_a_connection() ? LogTo::Syslog : LogTo::Stderr;
      write_log(loudly, *problem + "; until this is mended no TLS connection is made");
      throw;
    }
  }
};

// Never freed: the host's threads and its exit handlers may outlive every destructor of ours.
Process::Process() : m_state(*new State) {}

Process& Process::here() {
  static Process process;
  return process;
}

bool Process::survive_forks() noexcept {
  static const bool registered = [] {
    try {
      // Made here, so that no fork() finds another thread making them.
      static_cast<void>(here());
      static_cast<void>(program_name());
    } catch (...) {
      return false;
    }
    // What is done under the mutex takes none that other handlers of fork() hold.
    return pthread_atfork([] { here().m_state.mutex.lock(); }, [] { here().m_state.mutex.unlock(); },
                          [] { here().m_state.mutex.unlock(); }) == 0;
  }();
  return registered;
}

void Process::keep_section(const CONF* conf, const std::string& name) {
  const std::lock_guard lock(m_state.mutex);
  if (m_state.section || m_state.section_is_bad || m_state.configuration) return;
  try {
    m_state.section = read_section(conf, name, "openssl.cnf");
  } catch (const BadConfiguration& bad) {
    m_state.section_is_bad = bad.what();
  }
}

const Configuration& Process::configuration() {
  const std::lock_guard lock(m_state.mutex);
  return m_state.understood();
}

bool Process::offers_chains() noexcept {
  try {
    const std::lock_guard lock(m_state.mutex);
    if (m_state.problem) return false;
    if (m_state.configuration) return m_state.configuration->offers_chains();
    // A section of openssl.cnf may still come where there is neither that nor a file.
    const bool is_final = m_state.section || !from_environment(file_variable).empty();
    if (!is_final) return m_state.read().offers_chains();
    return m_state.configuration.emplace(m_state.read()).offers_chains();
  } catch (...) {
    return false;
  }
}

danelaw_resolver& Process::resolver() {
  const std::lock_guard lock(m_state.mutex);
  if (m_state.resolver != nullptr) return *m_state.resolver;
  danelaw_resolver* made = nullptr;
  danelaw_problem problem{};
  if (danelaw_resolver_new(m_state.understood().settings(), &made, &problem) != DANELAW_OK)
    throw BadConfiguration(problem.text);
  m_state.resolver.reset(made);
  if (danelaw_check_cache(m_state.understood().settings(), &problem) != DANELAW_OK)
    write_log(m_state.understood().log(), problem.text);
  return *made;
}

bool Process::logs(LogLevel level) noexcept {
  try {
    const LogSettings& settings = configuration().log();
    return settings.to != LogTo::Nothing && (level == LogLevel::Refusals || settings.level == LogLevel::All);
  } catch (...) {
    return false;  // without settings there is no log; the handshake has failed for that already
  }
}

void Process::log(LogLevel level, const std::string& line) noexcept {
  if (logs(level)) write_log(configuration().log(), line);
}

void Process::log_once(const std::string& line) noexcept {
  if (!logs(LogLevel::Refusals)) return;
  try {
    const std::lock_guard lock(m_state.mutex);
    if (m_state.logged_once.size() == most_lines_once || !m_state.logged_once.insert(line).second) return;
  } catch (...) {
    return;  // no memory: another time
  }
  log(LogLevel::Refusals, line);
}

}  // namespace danelaw::plugin
