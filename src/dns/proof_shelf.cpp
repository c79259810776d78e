#include "dns/proof_shelf.hpp"

#include <set>
#include <utility>

#include "base/digest.hpp"
#include "base/hex.hpp"

namespace danelaw::dns {
namespace {

constexpr std::size_t max_verified = 4096;

void put_type(Buffer& out, RrType type) {
  const auto number = static_cast<unsigned>(type);
  out.push_back(static_cast<std::uint8_t>(number >> 8));
  out.push_back(static_cast<std::uint8_t>(number));
}

Buffer digest_of_anchors(const dnssec::TrustAnchors& anchors) {
  std::set<Buffer> sorted;
  for (const dnssec::TrustAnchor& anchor : anchors) {
    Buffer one = to_buffer(anchor.owner.wire());
    put_type(one, anchor.type);
    const Buffer digest = digest_of(anchor.rdata, sha2_256());
    one.insert(one.end(), digest.begin(), digest.end());
    sorted.insert(std::move(one));
  }
  Buffer all;
  for (const Buffer& one : sorted) all.insert(all.end(), one.begin(), one.end());
  return digest_of(all, sha2_256());
}

}  // namespace

ProofShelf::ProofShelf(std::shared_ptr<ProofStore> store, const dnssec::TrustAnchors& anchors)
    : m_store(std::move(store)), m_anchors(anchors), m_anchors_digest(digest_of_anchors(anchors)) {}

std::string ProofShelf::name_of(const Question& question) const {
  Buffer key = m_anchors_digest;
  put_type(key, question.type);
  const Bytes name = question.name.wire();
  key.insert(key.end(), name.begin(), name.end());
  return to_hex(digest_of(key, sha2_256()));
}

void ProofShelf::fetch(const Question& question, ProofStore::Found found) const {
  m_store->find(name_of(question), std::move(found));
}

std::optional<Answer> ProofShelf::proven(const Question& question, Bytes octets, EpochSeconds now) {
  if (m_verified.verified.size() > max_verified) m_verified.verified.clear();
  const auto entry = read_entry(octets);
  auto answer = entry ? answer_in(*entry, question, m_anchors, now, &m_verified) : std::nullopt;
  if (answer && m_store->takes(*answer)) return answer;
  m_store->refuse(name_of(question));
  return std::nullopt;
}

void ProofShelf::keep(const ProofEntry& entry, EpochSeconds now) const {
  if (const auto octets = write_entry(entry))
    m_store->keep(name_of(entry.question), *octets, entry.expires, now);
}

}  // namespace danelaw::dns
