#include "dns/cache_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hex.hpp"
#include "os/system_errors.hpp"

namespace danelaw::dns {
namespace {

constexpr std::size_t name_octets = 64;  // hexadecimal digits
constexpr std::string_view unfinished = ".new-";
/// A writer is done with a file after so long, or it has died.
constexpr EpochSeconds unfinished_seconds = 600;
/// Names that one look goes through, whoever put them there.
constexpr std::size_t max_names = 65536;
constexpr mode_t for_others = 0077;

bool is_digits(std::string_view name) {
  return name.size() == name_octets && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_unfinished(std::string_view name) { return name.starts_with(unfinished); }

std::string system_says() { return text_of_error(errno); }

/// What is wrong with the directory that is open; "" for nothing.
std::string wrong_with(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return system_says();
  if (status.st_uid != geteuid()) return "belongs to another user";
  if ((status.st_mode & for_others) != 0) return "is open to other users; it needs mode 0700";
  return "";
}

std::optional<Buffer> read_whole(int fd, std::size_t most) {
  Buffer octets(most + 1);
  std::size_t filled = 0;
  while (filled < octets.size()) {
    const ssize_t got = ::read(fd, octets.data() + filled, octets.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > most) return std::nullopt;
  octets.resize(filled);
  return octets;
}

bool write_whole(int fd, Bytes octets) {
  while (!octets.empty()) {
    const ssize_t put = ::write(fd, octets.data(), octets.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    octets = octets.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

std::string unfinished_name() {
  static constexpr std::size_t random_octets = 16;
  std::array<std::uint8_t, random_octets> random{};
  if (getentropy(random.data(), random.size()) != 0) return "";
  return std::string(unfinished) + to_hex(random);
}

struct File {
  EpochSeconds ends = 0;
  std::string name;
};

}  // namespace

CacheDirectory CacheDirectory::open(const std::string& path, std::string& problem) {
  problem.clear();
  if (getauxval(AT_SECURE) != 0) {
    problem = path + ": programs that run with another user's rights have no cache";
    return {};
  }
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return {};
  std::string wrong = fd < 0 ? "cannot be opened: " + system_says() : "";
  CacheDirectory directory;
  if (fd >= 0) {
    directory.m_opened = std::make_unique<const OwnDescriptor>(fd);
    wrong = wrong_with(fd);
  }
  if (wrong.empty()) return directory;
  problem = path + ": the cache " + wrong;
  return {};
}

CacheDirectory CacheDirectory::make(const std::string& path, std::string& problem) {
  CacheDirectory there = open(path, problem);
  if (there || !problem.empty()) return there;
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    problem = path + ": the cache cannot be made: " + system_says();
    return there;
  }
  return open(path, problem);
}

std::optional<Buffer> CacheDirectory::read(const std::string& name, std::size_t most) const {
  // Nothing is waited for: a FIFO would have no end.
  const int opened = openat(fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (opened < 0) {
    if (errno != ENOENT) remove(name);
    return std::nullopt;
  }
  const OwnDescriptor file(opened);
  struct stat status {};
  const bool ours = fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) &&
                    status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  const bool fits = ours && status.st_size >= 0 && static_cast<std::size_t>(status.st_size) <= most;
  auto octets = fits ? read_whole(file.number(), most) : std::nullopt;
  if (!octets) remove(name);
  return octets;
}

bool CacheDirectory::write(const std::string& name, Bytes octets, EpochSeconds ends) const {
  const std::string beside = unfinished_name();
  if (beside.empty()) return false;
  const int opened =
      openat(fd(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (opened < 0) return false;
  const OwnDescriptor file(opened);
  const timespec end{static_cast<time_t>(ends), 0};
  const std::array<timespec, 2> times = {end, end};
  const bool there = write_whole(file.number(), octets) && futimens(file.number(), times.data()) == 0 &&
                     renameat(fd(), beside.c_str(), fd(), name.c_str()) == 0;
  if (!there) remove(beside);
  return there;
}

void CacheDirectory::remove(const std::string& name) const { unlinkat(fd(), name.c_str(), 0); }

void CacheDirectory::prune(std::size_t most, EpochSeconds now) const {
  const int again = openat(fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(again < 0 ? nullptr : fdopendir(again), closedir);
  if (!listing) {
    if (again >= 0) close(again);
    return;
  }
  std::vector<File> files;
  const dirent* entry = nullptr;
  for (std::size_t names = 0; names < max_names && (entry = readdir(listing.get())) != nullptr; ++names) {
    const std::string name = entry->d_name;
    struct stat status {};
    if (!is_digits(name) && !is_unfinished(name)) continue;
    if (fstatat(fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const EpochSeconds changed = status.st_mtim.tv_sec;
    const EpochSeconds ends = is_unfinished(name) ? changed + unfinished_seconds : changed;
    if (ends <= now)
      remove(name);
    else
      files.push_back({ends, name});
  }
  if (files.size() < most) return;
  std::ranges::sort(files, {}, &File::ends);
  // Room for a good while, or every look would find it full.
  files.resize(files.size() - most + most / 10 + 1);
  for (const File& file : files) remove(file.name);
}

}  // namespace danelaw::dns
