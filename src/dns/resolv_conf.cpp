#include "dns/resolv_conf.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

namespace danelaw::dns {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t max_file_octets = 64 * 1024;

/// The next word of `line`, which loses it; empty at the end.
std::string_view next_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(blanks), line.size());
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

std::vector<ResolverAddress> resolvers_in(std::string_view resolv_conf) {
  std::vector<ResolverAddress> resolvers;
  while (!resolv_conf.empty() && resolvers.size() < max_system_resolvers) {
    const std::size_t end = resolv_conf.find('\n');
    std::string_view line = resolv_conf.substr(0, end);
    resolv_conf = end == std::string_view::npos ? std::string_view() : resolv_conf.substr(end + 1);
    if (next_word(line) != "nameserver") continue;
    const std::string_view address = next_word(line);
    if (address.find_first_of("@/") != std::string_view::npos) continue;  // ours, not resolv.conf's
    if (auto resolver = ResolverAddress::from_text(address)) resolvers.push_back(std::move(*resolver));
  }
  return resolvers;
}

Result<std::vector<ResolverAddress>> resolvers_of_system(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_file_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad())
    return Problem{Fault::Setting, "no resolver is known: none is set, and " + path + " cannot be read"};
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto resolvers = resolvers_in(text);
  if (resolvers.empty()) resolvers.push_back({"127.0.0.1"});
  return resolvers;
}

bool SystemResolvers::look() {
  constexpr std::chrono::seconds pause{1};
  const auto now = std::chrono::steady_clock::now();
  if (now < m_look_again) return false;
  m_look_again = now + pause;
  const auto version = version_of(m_path);
  if (m_seen && *m_seen == version) return false;
  const bool first = !m_seen;
  m_seen = version;
  auto resolvers = resolvers_of_system(m_path);
  const bool same = !first && resolvers.ok() && m_resolvers.ok() && *resolvers == *m_resolvers;
  m_resolvers = std::move(resolvers);
  return !same;
}

std::optional<SystemResolvers::Version> SystemResolvers::version_of(const std::string& path) {
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return std::nullopt;
  return Version{found.st_dev, found.st_ino, found.st_size,
                 found.st_mtim.tv_sec * nanoseconds + found.st_mtim.tv_nsec};
}

}  // namespace danelaw::dns
