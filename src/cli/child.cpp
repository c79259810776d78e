#include "child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <thread>

#include "exit.hpp"
#include "os/system_errors.hpp"

namespace danelaw::cli {
namespace {

constexpr std::chrono::milliseconds between_looks{5};

/// What posix_spawn(3) is to do on the way.
class Preparations final {
 public:
  explicit Preparations(int output) {
    posix_spawn_file_actions_init(&m_files);
    posix_spawn_file_actions_addopen(&m_files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&m_files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&m_files, output, STDERR_FILENO);
    posix_spawnattr_init(&m_attributes);
    // We ignore SIGPIPE; a program that we start shall not inherit that.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&m_attributes, &defaults);
    posix_spawnattr_setpgroup(&m_attributes, 0);
    posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  }
  ~Preparations() {
    posix_spawn_file_actions_destroy(&m_files);
    posix_spawnattr_destroy(&m_attributes);
  }
  Preparations(const Preparations&) = delete;
  Preparations& operator=(const Preparations&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &m_files; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &m_attributes; }

 private:
  posix_spawn_file_actions_t m_files{};
  posix_spawnattr_t m_attributes{};
};

std::vector<char*> pointers_of(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool is_file(const std::string& path) {
  struct stat file {};
  return stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode);
}

bool is_executable(const std::string& path) { return is_file(path) && access(path.c_str(), X_OK) == 0; }

std::string find_path(const std::string& command) {
  if (!is_executable(command)) {
    const int error = errno;
    if (is_file(command) || (error != ENOENT && error != ENOTDIR))
      throw Failure(Exit::CannotRun, fmt::format("{}: not a program that can be run", command));
    throw Failure(Exit::NotFound, fmt::format("{}: no such file", command));
  }
  return command;
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments, Environment environment) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Failure(Exit::CannotRun, fmt::format("no pipe: {}", text_of_error(errno)));
  m_output = ends[0];
  fcntl(m_output, F_SETFL, O_NONBLOCK);
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), program);
  const Preparations preparations(ends[1]);
  const int error = posix_spawn(&m_process, program.c_str(), preparations.files(), preparations.attributes(),
                                pointers_of(words).data(), environment.pointers().data());
  close(ends[1]);
  if (error == 0) return;
  close(m_output);
  throw Failure(Exit::CannotRun, fmt::format("{}: cannot be run: {}", program, text_of_error(error)));
}

Child::~Child() {
  if (!m_status) {
    kill(-m_process, SIGKILL);
    waitpid(m_process, nullptr, 0);
  }
  close(m_output);
}

std::optional<int> Child::status() {
  if (m_status) return m_status;
  drain();
  siginfo_t ended{};
  if (waitid(P_PID, static_cast<id_t>(m_process), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      ended.si_pid == 0)
    return std::nullopt;
  // What it has left behind. Until the program is reaped, the number of its group is no one else's.
  kill(-m_process, SIGKILL);
  int status = 0;
  if (waitpid(m_process, &status, 0) == m_process) m_status = status;
  drain();
  return m_status;
}

std::optional<int> Child::wait(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!status() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(between_looks);
  return m_status;
}

/// A program that says much is neither held up nor kept in memory.
void Child::drain() {
  std::array<char, max_said_octets> block{};
  for (int reads = 0; reads < max_reads_at_once; ++reads) {
    const ssize_t octets = read(m_output, block.data(), block.size());
    if (octets <= 0) return;
    const std::size_t room = max_said_octets - m_said.size();
    m_said.append(block.data(), std::min(room, static_cast<std::size_t>(octets)));
  }
}

std::string status_text(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("exit {}", WEXITSTATUS(status));
}

std::string first_line(const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of("\r\n"), text.size());
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::string find_command(const std::string& command) {
  if (command.empty()) throw Failure(Exit::NotFound, "\"\" is no command");
  if (command.find('/') != std::string::npos) return find_path(command);
  const char* const variable = getenv("PATH");
  std::string_view folders = variable == nullptr ? "/bin:/usr/bin" : variable;
  std::string there;  // found, but not to be run
  for (;;) {
    const std::size_t colon = folders.find(':');
    const std::string_view folder = folders.substr(0, colon);
    const std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, command);
    if (is_executable(path)) return path;
    if (there.empty() && is_file(path)) there = path;
    if (colon == std::string_view::npos) break;
    folders.remove_prefix(colon + 1);
  }
  if (!there.empty()) return find_path(there);
  throw Failure(Exit::NotFound, fmt::format("{}: command not found", command));
}

void refuse_raised_rights(const std::string& program) {
  struct stat file {};
  if (stat(program.c_str(), &file) != 0) return;  // exec will say why
  const bool has_capabilities = getxattr(program.c_str(), "security.capability", nullptr, 0) > 0;
  const char* const what = (file.st_mode & S_ISUID) != 0   ? "set-uid"
                           : (file.st_mode & S_ISGID) != 0 ? "set-gid"
                           : has_capabilities              ? "raised by file capabilities"
                                                           : nullptr;
  if (what == nullptr) return;
  throw Failure(
      Exit::CannotRun,
      fmt::format("{}: {}, so it takes neither LD_PRELOAD nor OPENSSL_CONF and the plugin cannot get "
                  "into it; only the system's openssl.cnf reaches it, see danelaw-plugin(7)",
                  program, what));
}

std::string own_executable() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) throw Failure(Exit::CannotRun, "/proc is needed to find our own files");
  return {path.data(), static_cast<std::size_t>(length)};
}

}  // namespace danelaw::cli
