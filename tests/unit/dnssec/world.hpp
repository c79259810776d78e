// A tree of zones, and a resolver in front of it that hands on what the authoritative servers say.
#pragma once

#include <string_view>
#include <vector>

#include "dnssec/judge.hpp"
#include "zone.hpp"

namespace lab {

class World final {
 public:
  /// Signs the zone. A reference to it stays good until the next one.
  Zone& add(Zone zone);

  [[nodiscard]] const Zone& zone(std::string_view apex) const;
  [[nodiscard]] const Zone& zone_of(const Question& question) const;

  /// Of the root's key signing key.
  [[nodiscard]] danelaw::dnssec::TrustAnchors anchors() const;

  [[nodiscard]] Records reply(const Question& question) const { return zone_of(question).reply(question); }

  /// All that a judgement of the question asks for, until it asks for nothing more.
  [[nodiscard]] Records collect(const Question& question) const;

  [[nodiscard]] danelaw::dnssec::Judgement judge(const Question& question, const Records& records,
                                                 const danelaw::dnssec::JudgeOptions& options = {}) const;
  [[nodiscard]] danelaw::dnssec::Verdict verdict(const Question& question) const {
    return judge(question, collect(question)).verdict;
  }

 private:
  std::vector<Zone> m_zones;
};

/// One word and what belongs to it: "secure www.example.", "denied name-error …", "insecure opt-out …", "bogus …", "missing".
std::string summary(const danelaw::dnssec::Verdict& verdict);

Question question(std::string_view owner, RrType type = RrType::Tlsa);

/// The tree that most tests use.
const World& common_world();

}  // namespace lab
