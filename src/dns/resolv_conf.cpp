#include "dns/resolv_conf.hpp"

#include <array>
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
    if (address.find('@') != std::string_view::npos) continue;  // ours, not resolv.conf's
    if (auto resolver = ResolverAddress::from_text(address)) resolvers.push_back(std::move(*resolver));
  }
  return resolvers;
}

std::vector<ResolverAddress> resolvers_of_system(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_file_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto resolvers = resolvers_in(text);
  if (resolvers.empty()) resolvers.push_back({"127.0.0.1", {}});
  return resolvers;
}

}  // namespace danelaw::dns
