#include "secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "descriptor.hpp"
#include "failure.hpp"
#include "os/system_errors.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::size_t most_octets = 4096;
/// A group may read: what systemd gives as a credential has an access control list, whose mask stands in the group's place.
constexpr mode_t for_others = S_IWGRP | S_IXGRP | S_IRWXO;

/// "" for nothing.
std::string wrong_with(const struct stat& found) {
  if (!S_ISREG(found.st_mode)) return "is no regular file";
  if (found.st_uid != 0 && found.st_uid != geteuid()) return "belongs to another user";
  if ((found.st_mode & for_others) != 0) return "is open to others; it needs mode 0600, or 0640 for a group";
  if (static_cast<std::size_t>(found.st_size) > most_octets) return "is too long";
  return "";
}

}  // namespace

std::string read_secret(const std::string& path) {
  const auto failure = [&](const std::string& why) {
    return Failure(Exit::Usage, fmt::format("{}: {}", path, why));
  };
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  struct stat found {};
  if (!file.is_open() || fstat(file.get(), &found) != 0)
    throw failure(fmt::format("cannot be read: {}", text_of_error(errno)));
  if (const std::string wrong = wrong_with(found); !wrong.empty()) throw failure(wrong);
  std::string text(most_octets, '\0');
  const ssize_t got = read(file.get(), text.data(), text.size());
  if (got < 0) throw failure(fmt::format("cannot be read: {}", text_of_error(errno)));
  text.resize(static_cast<std::size_t>(got));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace danelaw::policyd
