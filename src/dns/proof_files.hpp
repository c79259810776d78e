// The file cache: a store of entries in a directory that the processes of one user share, one file for each.
//
// Files are written beside and renamed, so there are no locks, and nothing is ever half there. The directory must be this user's
// alone, or it is not used; whatever is wrong with a file removes the file, and costs no more than asking DNS. The directory
// is opened for each use: the host may change its root, its user, and close what descriptors it likes.
//
// Blocks as long as the disk does. One thread at a time; any number of processes.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "dns/proof_store.hpp"

namespace danelaw::dns {

/// Entries in the directory, past which those that end first go; each is at most max_entry_octets long, most have 3000.
inline constexpr std::size_t max_proof_files = 4096;
/// The directory is looked through at the first entry that a process writes, and after so many more.
inline constexpr std::size_t writes_between_looks = 64;

/// Why the directory cannot be used, in one line; "" where it can, or where it does not exist yet and its parent does. Makes
/// nothing.
[[nodiscard]] std::string problem_with_directory(const std::string& path);

class ProofFiles final : public ProofStore {
 public:
  /// `directory` is an absolute path. Nothing is opened yet; the directory is made with the first entry.
  explicit ProofFiles(std::string directory) : m_directory(std::move(directory)) {}

  [[nodiscard]] bool takes(const Answer& answer) const override;
  [[nodiscard]] std::chrono::milliseconds patience() const override;
  void find(const std::string& name, Found found) override;
  /// Where it cannot be written, it is not.
  void keep(const std::string& name, Bytes octets, EpochSeconds ends, EpochSeconds now) override;
  void refuse(const std::string& name) override;

 private:
  const std::string m_directory;
  std::size_t m_writes = 0;
};

}  // namespace danelaw::dns
