// A store as the holder of some trust anchors uses it: questions have names there, and what is found is judged anew.
//
// A name is a digest of trust anchors and question, so that those with other anchors do not overwrite each other's entries. The
// entry says its question, too: one that stands under another's name is that other's, and is refused.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dns/proof_entry.hpp"
#include "dns/proof_store.hpp"
#include "dnssec/known.hpp"
#include "dnssec/trust_anchor.hpp"

namespace danelaw::dns {

class ProofShelf final {
 public:
  ProofShelf(std::shared_ptr<ProofStore> store, const dnssec::TrustAnchors& anchors);

  [[nodiscard]] std::string name_of(const Question& question) const;

  /// Fetches the entry; ProofStore::find().
  void fetch(const Question& question, ProofStore::Found found) const;
  /// What an entry that was fetched proves at `now`. One that proves nothing is refused.
  [[nodiscard]] std::optional<Answer> proven(const Question& question, Bytes octets, EpochSeconds now);

  [[nodiscard]] bool takes(const Answer& answer) const { return m_store->takes(answer); }
  void keep(const ProofEntry& entry, EpochSeconds now) const;
  [[nodiscard]] std::chrono::milliseconds patience() const { return m_store->patience(); }

 private:
  std::shared_ptr<ProofStore> m_store;
  dnssec::TrustAnchors m_anchors;
  Buffer m_anchors_digest;
  dnssec::Known m_verified;  // signatures only
};

}  // namespace danelaw::dns
