// The file cache by itself, without an engine: what is asked for is there or not as soon as one asks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dns/proof_files.hpp"
#include "dns/proof_shelf.hpp"

namespace danelaw::dns::test {

class KeptProofs final {
 public:
  KeptProofs(std::string directory, const dnssec::TrustAnchors& anchors)
      : m_shelf(std::make_shared<ProofFiles>(std::move(directory)), anchors) {}

  std::optional<Answer> find(const Question& question, EpochSeconds now) {
    std::optional<Buffer> octets;
    m_shelf.fetch(question, [&](std::optional<Buffer> found) { octets = std::move(found); });
    return octets ? m_shelf.proven(question, *octets, now) : std::nullopt;
  }
  void keep(const ProofEntry& entry, EpochSeconds now) const { m_shelf.keep(entry, now); }
  [[nodiscard]] std::string file_name(const Question& question) const { return m_shelf.name_of(question); }

 private:
  ProofShelf m_shelf;
};

}  // namespace danelaw::dns::test
