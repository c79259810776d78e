#include "dns/proof_files.hpp"

#include <set>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/hex.hpp"
#include "dns/cache_directory.hpp"

namespace danelaw::dns {
namespace {

constexpr std::size_t max_verified = 4096;

Buffer digest_of_anchors(const dnssec::TrustAnchors& anchors) {
  std::set<Buffer> sorted;
  for (const dnssec::TrustAnchor& anchor : anchors) {
    Buffer one = to_buffer(anchor.owner.wire());
    const auto type = static_cast<unsigned>(anchor.type);
    one.push_back(static_cast<std::uint8_t>(type >> 8));
    one.push_back(static_cast<std::uint8_t>(type));
    const Buffer digest = digest_of(anchor.rdata, sha2_256());
    one.insert(one.end(), digest.begin(), digest.end());
    sorted.insert(std::move(one));
  }
  Buffer all;
  for (const Buffer& one : sorted) all.insert(all.end(), one.begin(), one.end());
  return digest_of(all, sha2_256());
}

}  // namespace

std::string problem_with_directory(const std::string& path) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::open(path, problem);
  return problem;
}

ProofFiles::ProofFiles(std::string directory, const dnssec::TrustAnchors& anchors)
    : m_directory(std::move(directory)), m_anchors(anchors), m_anchors_digest(digest_of_anchors(anchors)) {}

std::string ProofFiles::file_name(const Question& question) const {
  Buffer key = m_anchors_digest;
  const auto type = static_cast<unsigned>(question.type);
  key.push_back(static_cast<std::uint8_t>(type >> 8));
  key.push_back(static_cast<std::uint8_t>(type));
  const Bytes name = question.name.wire();
  key.insert(key.end(), name.begin(), name.end());
  return to_hex(digest_of(key, sha2_256()));
}

std::optional<Answer> ProofFiles::find(const Question& question, EpochSeconds now) {
  std::string problem;
  const CacheDirectory directory = CacheDirectory::open(m_directory, problem);
  if (!directory) return std::nullopt;
  const std::string name = file_name(question);
  const auto octets = directory.read(name, max_entry_octets);
  if (!octets) return std::nullopt;
  if (m_verified.verified.size() > max_verified) m_verified.verified.clear();
  const auto entry = read_entry(*octets);
  auto answer = entry ? answer_in(*entry, question, m_anchors, now, &m_verified) : std::nullopt;
  if (!answer) directory.remove(name);
  return answer;
}

void ProofFiles::keep(const ProofEntry& entry, EpochSeconds now) {
  const auto octets = write_entry(entry);
  if (!octets) return;
  std::string problem;
  const CacheDirectory directory = CacheDirectory::make(m_directory, problem);
  if (!directory) return;
  if (m_writes++ % writes_between_looks == 0) directory.prune(max_proof_files, now);
  directory.write(file_name(entry.question), *octets, entry.expires);
}

}  // namespace danelaw::dns
