#include "log.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <ctime>

namespace danelaw::plugin {
namespace {

/// A reader of the host's stderr may be gone: the host must not die of our line.
class SigpipeHeldBack final {
 public:
  SigpipeHeldBack() {
    sigset_t pending;
    sigpending(&pending);
    m_was_pending = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&m_sigpipe);
    sigaddset(&m_sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &m_sigpipe, &m_before);
  }
  ~SigpipeHeldBack() {
    constexpr timespec at_once{};
    if (!m_was_pending) sigtimedwait(&m_sigpipe, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
  }
  SigpipeHeldBack(const SigpipeHeldBack&) = delete;
  SigpipeHeldBack& operator=(const SigpipeHeldBack&) = delete;

 private:
  sigset_t m_sigpipe{};
  sigset_t m_before{};
  bool m_was_pending = false;
};

std::string printable(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet != 0x7f) {
      shown += c;
      continue;
    }
    shown += "\\x";
    shown += digits[octet >> 4];
    shown += digits[octet & 15];
  }
  return shown;
}

void write_to(int descriptor, const std::string& line) {
  const SigpipeHeldBack held_back;
  // Half a line that an interrupted or full pipe leaves is not worth holding the host up for.
  if (write(descriptor, line.data(), line.size()) < 0) return;
}

void append_to(const std::string& path, const std::string& line) {
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (descriptor < 0) return;
  write_to(descriptor, line);
  close(descriptor);
}

std::string find_program_name() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) return "?";
  const std::string whole(path.data(), static_cast<std::size_t>(length));
  return whole.substr(whole.rfind('/') + 1);
}

}  // namespace

bool stderr_is_a_connection() noexcept {
  struct stat status {};
  if (fstat(STDERR_FILENO, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  sockaddr_storage address{};
  socklen_t octets = sizeof address;
  const bool known = getsockname(STDERR_FILENO, reinterpret_cast<sockaddr*>(&address), &octets) == 0;
  return known && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

const std::string& program_name() {
  static const std::string name = find_program_name();
  return name;
}

void write_log(const LogSettings& log, const std::string& line) noexcept {
  const int before = errno;
  try {
    const std::string shown = printable(line);
    const std::string whole =
        "danelaw: " + program_name() + "[" + std::to_string(getpid()) + "]: " + shown + "\n";
    switch (log.to) {
      case LogTo::Nothing:
        break;
      case LogTo::Stderr:
        if (!stderr_is_a_connection()) write_to(STDERR_FILENO, whole);
        break;
      case LogTo::Syslog: {
        const SigpipeHeldBack held_back;
        syslog(LOG_AUTHPRIV | LOG_NOTICE, "danelaw: %s", shown.c_str());
        break;
      }
      case LogTo::File:
        append_to(log.path, whole);
        break;
    }
  } catch (...) {
    // No memory for a line.
  }
  errno = before;
}

}  // namespace danelaw::plugin
