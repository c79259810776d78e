#include "dns/cache.hpp"

namespace danelaw::dns {

std::shared_ptr<const Answer> AnswerCache::find(const Question& question, EpochSeconds now) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_index.find(question);
  if (found == m_index.end()) return nullptr;
  const Entries::iterator entry = found->second;
  if (now >= entry->expires || now < entry->kept) {
    drop(entry);
    return nullptr;
  }
  m_entries.splice(m_entries.begin(), m_entries, entry);
  return entry->answer;
}

void AnswerCache::keep(const Question& question, const Answer& answer, EpochSeconds now) {
  const EpochSeconds expires = expiry_of(answer);
  if (m_limit == 0 || now >= expires) return;  // failures expire before they begin
  const std::lock_guard lock(m_mutex);
  if (const auto known = m_index.find(question); known != m_index.end()) drop(known->second);
  if (m_entries.size() == m_limit) drop(std::prev(m_entries.end()));
  m_entries.push_front({question, std::make_shared<const Answer>(answer), now, expires});
  m_index.emplace(question, m_entries.begin());
}

std::size_t AnswerCache::size() const {
  const std::lock_guard lock(m_mutex);
  return m_entries.size();
}

void AnswerCache::drop(Entries::iterator entry) {
  m_index.erase(entry->question);
  m_entries.erase(entry);
}

}  // namespace danelaw::dns
