#include "dns/proof_finder.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace danelaw::dns {

ProofFinder::~ProofFinder() {
  for (const auto& search : m_searches) m_loop.cancel(search.second.patience);
}

ProofFinder::Id ProofFinder::find(const Question& question, Done done) {
  const Id id = m_next++;
  m_searches.emplace(id, Search{question, std::move(done)});
  look(id);
  return id;
}

/// What the store that is being asked says later finds no search.
void ProofFinder::cancel(Id id) {
  const auto search = m_searches.extract(id);
  if (!search.empty()) m_loop.cancel(search.mapped().patience);
}

/// What a store has found, perhaps before find() returned.
struct ProofFinder::Finding {
  std::mutex mutex;
  bool is_late = false;  ///< from now on by the mailbox
  bool is_there = false;
  std::optional<Buffer> octets;
};

/// On the shelf whose turn it is. Files answer at once, so that nothing is asked meanwhile that another find makes needless.
void ProofFinder::look(Id id) {
  Search& search = m_searches.at(id);
  const std::size_t shelf = search.shelf;
  if (shelf == m_shelves.size()) return end(id, std::nullopt);
  const auto patience = std::min(m_shelves[shelf].patience(), m_most_patience);
  search.patience = m_loop.call_at(std::chrono::steady_clock::now() + patience,
                                   [this, id, shelf] { found(id, shelf, std::nullopt); });
  const auto finding = std::make_shared<Finding>();
  m_shelves[shelf].fetch(search.question,
                         [finding, mailbox = m_loop.mailbox(), alive = std::weak_ptr(m_alive), id,
                          shelf](std::optional<Buffer> octets) {
                           const std::lock_guard lock(finding->mutex);
                           if (!finding->is_late) {
                             finding->is_there = true;
                             finding->octets = std::move(octets);
                             return;
                           }
                           mailbox->post([alive, id, shelf, octets = std::move(octets)] {
                             if (const auto finder = alive.lock()) (*finder)->found(id, shelf, octets);
                           });
                         });
  {
    const std::lock_guard lock(finding->mutex);
    finding->is_late = true;
    if (!finding->is_there) return;
  }
  found(id, shelf, finding->octets);
}

/// Nothing where another shelf's turn has come since.
void ProofFinder::found(Id id, std::size_t shelf, const std::optional<Buffer>& octets) {
  const auto place = m_searches.find(id);
  if (place == m_searches.end() || place->second.shelf != shelf) return;
  Search& search = place->second;
  m_loop.cancel(std::exchange(search.patience, 0));
  if (octets)
    if (auto answer = m_shelves[shelf].proven(search.question, *octets, m_clock()))
      return end(id, std::move(answer));
  ++search.shelf;
  look(id);
}

void ProofFinder::end(Id id, std::optional<Answer> answer) {
  const auto search = m_searches.extract(id);
  search.mapped().done(std::move(answer));
}

}  // namespace danelaw::dns
