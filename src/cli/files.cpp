#include "files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "exit.hpp"
#include "os/system_errors.hpp"

namespace danelaw::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Failure failed(const std::string& path) { return usage(fmt::format("{}: {}", path, text_of_error(errno))); }

/// Closes the descriptor; removes the file unless it was kept.
class Draft final {
 public:
  Draft(int descriptor, std::string path) : m_descriptor(descriptor), m_path(std::move(path)) {}
  ~Draft() {
    if (m_descriptor >= 0) close(m_descriptor);
    if (!m_path.empty()) unlink(m_path.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  [[nodiscard]] bool write_all(std::span<const std::uint8_t> octets) const {
    while (!octets.empty()) {
      const ssize_t written = write(m_descriptor, octets.data(), octets.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      octets = octets.subspan(static_cast<std::size_t>(written));
    }
    return true;
  }
  [[nodiscard]] bool become(const std::string& path, mode_t mode) {
    const int descriptor = std::exchange(m_descriptor, -1);
    const bool complete = fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0;
    const int reason = errno;
    const bool closed = close(descriptor) == 0;
    if (!complete) errno = reason;
    if (!complete || !closed || rename(m_path.c_str(), path.c_str()) != 0) return false;
    m_path.clear();
    return true;
  }

 private:
  int m_descriptor;
  std::string m_path;
};

mode_t default_mode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

std::string read_file(const std::string& path, std::size_t most, const char* what) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) throw failed(path);
  std::string text;
  std::array<char, 65536> block{};
  while (const std::size_t n = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), n);
    if (text.size() > most)
      throw usage(fmt::format("{}: longer than {} octets; is this {}?", path, most, what));
  }
  if (std::ferror(file.get()) != 0) throw failed(path);
  return text;
}

void write_file(const std::string& path, std::span<const std::uint8_t> octets) {
  struct stat there {};
  const bool exists = stat(path.c_str(), &there) == 0;
  if (exists && !S_ISREG(there.st_mode)) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const Draft file(descriptor, "");
    if (descriptor < 0 || !file.write_all(octets)) throw failed(path);
    return;
  }
  // Where the path is a symbolic link, what it leads to is replaced, not the link.
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr), std::free);
  const std::string target = resolved == nullptr ? path : resolved.get();
  std::string name = target + ".XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw failed(path);
  Draft draft(descriptor, name);
  if (!draft.write_all(octets) || !draft.become(target, exists ? there.st_mode & 07777 : default_mode()))
    throw failed(path);
}

}  // namespace danelaw::cli
