// What the stub engine does for the stores of proofs: looks answers up there, and keeps new ones with what proves them, when nobody waits.
//
// What the engine knows of zones is not asked for again, so a later lookup's own records prove nothing by themselves. The replies
// with DS and DNSKEY records are therefore kept here, as long as there is a store.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "dns/proof_finder.hpp"
#include "dns/relay.hpp"

namespace danelaw::dns {

/// Replies about zones; the oldest go first.
inline constexpr std::size_t max_zone_replies = 1024;
/// Answers that wait to be written; past it the oldest are not.
inline constexpr std::size_t max_unwritten = 64;

class ProofKeeper final {
 public:
  using Stores = std::vector<std::shared_ptr<ProofStore>>;

  /// It trusts nobody until use_anchors().
  ProofKeeper(EventLoop& loop, Stores stores, std::chrono::milliseconds most_patience, const WallClock& clock)
      : m_stores(std::move(stores)), m_finder(loop, m_shelves, most_patience, clock) {}
  ~ProofKeeper();
  ProofKeeper(const ProofKeeper&) = delete;
  ProofKeeper& operator=(const ProofKeeper&) = delete;

  /// From now on these: what was learned with others, and not yet written, is forgotten.
  void use_anchors(const dnssec::TrustAnchors& anchors);

  /// ProofFinder::find(), ProofFinder::cancel().
  ProofFinder::Id find(const Question& question, ProofFinder::Done done) {
    return m_finder.find(question, std::move(done));
  }
  void cancel(ProofFinder::Id search) { m_finder.cancel(search); }

  /// A reply that may prove something about a zone.
  void note(const Question& question, const std::shared_ptr<const Fetched>& fetched);
  /// An answer, and the records that it came from. Cheap: the work is write_next()'s.
  void take(const Question& question, const Answer& answer, std::vector<dnssec::ResourceRecord> records,
            EpochSeconds now);
  [[nodiscard]] bool has_work() const { return !m_unwritten.empty(); }
  /// So much that waiting for a quiet moment would lose some of it.
  [[nodiscard]] bool is_pressed() const { return m_unwritten.size() > max_unwritten / 2; }
  /// Finds the proof of one answer and writes it. A millisecond or two.
  void write_next();
  void write_rest() noexcept;

 private:
  struct Unwritten {
    Question question;
    EpochSeconds fetched = 0;
    Answer answer;
    std::vector<dnssec::ResourceRecord> records;
  };
  void add_replies_of(const DnsName& zone, std::vector<dnssec::ResourceRecord>& records) const;
  void write(const Unwritten& next);
  void drop_first();
  [[nodiscard]] std::vector<dnssec::ResourceRecord> completed(const Unwritten& unwritten) const;

  const Stores m_stores;
  dnssec::TrustAnchors m_anchors;
  std::vector<ProofShelf> m_shelves;  // one for each store
  ProofFinder m_finder;
  std::map<Question, std::shared_ptr<const Fetched>> m_zone_replies;
  std::deque<Question> m_order;  // of those, the oldest first
  std::deque<Unwritten> m_unwritten;
};

}  // namespace danelaw::dns
