#include "service/pin_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

namespace danelaw::service {
namespace {

constexpr int lock_attempts = 20;
constexpr std::chrono::milliseconds between_attempts{2};
constexpr mode_t for_owner_only = 0600;

class Descriptor final {
 public:
  Descriptor(const std::string& path, int flags)
      : m_number(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, for_owner_only)) {}
  ~Descriptor() {
    if (m_number >= 0) close(m_number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return m_number; }
  [[nodiscard]] bool is_open() const { return m_number >= 0; }

 private:
  const int m_number;
};

bool lock(const Descriptor& file) {
  for (int attempt = 0; attempt < lock_attempts; ++attempt) {
    if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    std::this_thread::sleep_for(between_attempts);
  }
  return false;
}

bool write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file.number()) == 0;
}

/// Whoever reads meanwhile finds the old file or the new one.
bool replace(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());  // left by one who died; nobody else is here, because we hold the lock
  bool done = false;
  {
    const Descriptor file(fresh, O_WRONLY | O_CREAT | O_EXCL);
    done = file.is_open() && write_all(file, text);
  }
  if (done && std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  unlink(fresh.c_str());
  return false;
}

bool is_absent_or_empty(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return errno == ENOENT;
  return S_ISREG(status.st_mode) && status.st_size == 0;
}

}  // namespace

std::optional<FileVersion> version_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileVersion{status.st_ino, status.st_size, status.st_mtim};
}

std::optional<Pins> read_pin_file(const std::string& path) {
  const Descriptor file(path, O_RDONLY);
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string text(max_pin_file_octets + 1, '\0');
  std::size_t octets = 0;
  while (octets < text.size()) {
    const ssize_t got = read(file.number(), text.data() + octets, text.size() - octets);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    octets += static_cast<std::size_t>(got);
  }
  return Pins::from_text(std::string_view(text).substr(0, octets));
}

std::optional<Pins> change_pin_file(const std::string& path, const std::function<void(Pins&)>& change) {
  const Descriptor guard(path + ".lock", O_RDWR | O_CREAT);
  if (!guard.is_open() || !lock(guard)) return std::nullopt;
  auto pins = read_pin_file(path);
  // What is there and is no list of promises is somebody else's, or cannot be read just now: it stays as it is.
  if (!pins && !is_absent_or_empty(path)) return std::nullopt;
  if (!pins) pins.emplace();
  change(*pins);
  if (!replace(path, pins->to_text())) return std::nullopt;
  return pins;
}

}  // namespace danelaw::service
