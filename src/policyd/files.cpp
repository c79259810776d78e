#include "files.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "descriptor.hpp"

namespace danelaw::policyd {
namespace {

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool replace_file(const std::string& directory, const std::string& name, std::string_view text, mode_t mode) {
  const std::string unfinished = directory + "/" + unfinished_prefix + std::to_string(getpid());
  unlink(unfinished.c_str());
  {
    const Descriptor file(
        open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.is_open()) return false;
    if (!write_all(file.get(), text) || fdatasync(file.get()) != 0) {
      const int error = errno;
      unlink(unfinished.c_str());
      errno = error;
      return false;
    }
  }
  return std::rename(unfinished.c_str(), (directory + "/" + name).c_str()) == 0;
}

std::optional<std::string> read_file(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  struct stat found {};
  if (!file.is_open() || fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  std::string text(most + 1, '\0');
  std::size_t octets = 0;
  while (octets < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + octets, text.size() - octets);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    octets += static_cast<std::size_t>(got);
  }
  if (octets > most) return std::nullopt;
  text.resize(octets);
  return text;
}

}  // namespace danelaw::policyd
