// The system's resolvers, as resolv.conf(5) names them. Only `nameserver` lines are read: options, search lists and what else
// stands there are for other clients, because names are never completed here and retries are our own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "dns/resolver_address.hpp"

namespace danelaw::dns {

inline constexpr const char* system_resolv_conf = "/etc/resolv.conf";
/// More are ignored, as resolv.conf(5) says.
inline constexpr std::size_t max_system_resolvers = 3;

/// In their order, without those that are no addresses. Empty where there are none.
[[nodiscard]] std::vector<ResolverAddress> resolvers_in(std::string_view resolv_conf);

/// Those of a file, never none: where it names none, the one on this machine is meant (resolv.conf(5)). Fault::Setting where the
/// file cannot be read.
[[nodiscard]] Result<std::vector<ResolverAddress>> resolvers_of_system(const std::string& path);

/// The system's resolvers as they change: a computer that moves to another network gets others.
class SystemResolvers final {
 public:
  explicit SystemResolvers(std::string path) : m_path(std::move(path)) {}

  /// Looks at the file, at most once a second, and reads it where it has changed. True where the resolvers have, too.
  bool look();
  [[nodiscard]] const Result<std::vector<ResolverAddress>>& resolvers() const { return m_resolvers; }

 private:
  struct Version {
    dev_t device = 0;
    ino_t inode = 0;
    off_t octets = 0;
    std::int64_t changed = 0;  // nanoseconds
    friend bool operator==(const Version&, const Version&) = default;
  };
  [[nodiscard]] static std::optional<Version> version_of(const std::string& path);

  const std::string m_path;
  Deadline m_look_again{};
  std::optional<std::optional<Version>> m_seen;  // nothing: not looked yet
  Result<std::vector<ResolverAddress>> m_resolvers = Problem{Fault::Setting, "not read yet"};
};

}  // namespace danelaw::dns
