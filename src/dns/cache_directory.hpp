// A directory of small files that belongs to this user alone. Knows nothing of what is in them.
//
// A file's modification time is when it ends, so that those that have ended are found without reading them. Only files whose
// names are of our making are ever looked at, overwritten or removed.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "dns/own_descriptor.hpp"

namespace danelaw::dns {

class CacheDirectory final {
 public:
  /// Closed where it is not there, which is no problem, or where `problem` says in one line why it must not be used: it is not a
  /// directory, another user's, or open to others; or this program runs with another user's rights (AT_SECURE).
  static CacheDirectory open(const std::string& path, std::string& problem);
  /// The same, and where it is not there it is made.
  static CacheDirectory make(const std::string& path, std::string& problem);

  explicit operator bool() const { return m_opened != nullptr; }

  /// Nothing where it is not there. What is there and is no regular file of ours, or larger than `most` octets, is removed.
  [[nodiscard]] std::optional<Buffer> read(const std::string& name, std::size_t most) const;
  /// Replaces the file as a whole, or leaves it as it is.
  bool write(const std::string& name, Bytes octets, EpochSeconds ends) const;
  void remove(const std::string& name) const;

  /// Removes what has ended at `now`, and then what ends first until a tenth less than `most` files are left.
  void prune(std::size_t most, EpochSeconds now) const;

 private:
  CacheDirectory() = default;
  [[nodiscard]] int fd() const { return m_opened->number(); }
  std::unique_ptr<const OwnDescriptor> m_opened;  // or null
};

}  // namespace danelaw::dns
