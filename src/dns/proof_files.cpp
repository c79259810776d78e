#include "dns/proof_files.hpp"

#include "dns/cache_directory.hpp"
#include "dns/proof_entry.hpp"

namespace danelaw::dns {

std::string problem_with_directory(const std::string& path) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::open(path, problem);
  return problem;
}

bool ProofFiles::takes(const Answer& answer) const { return !std::holds_alternative<FailedAnswer>(answer); }

/// Whatever is found is found before find() returns.
std::chrono::milliseconds ProofFiles::patience() const { return std::chrono::seconds(1); }

void ProofFiles::find(const std::string& name, Found found) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::open(m_directory, problem);
  found(directory ? directory.read(name, max_entry_octets) : std::nullopt);
}

void ProofFiles::keep(const std::string& name, Bytes octets, EpochSeconds ends, EpochSeconds now) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::make(m_directory, problem);
  if (!directory) return;
  if (m_writes++ % writes_between_looks == 0) directory.prune(max_proof_files, now);
  directory.write(name, octets, ends);
}

void ProofFiles::refuse(const std::string& name) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::open(m_directory, problem);
  if (directory) directory.remove(name);
}

}  // namespace danelaw::dns
