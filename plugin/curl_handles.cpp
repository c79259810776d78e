#include "curl_handles.hpp"

namespace danelaw::plugin {

CurlHandles& CurlHandles::here() {
  static auto& handles = *new CurlHandles;  // used until the very end of the process
  return handles;
}

CurlHandles::Handle& CurlHandles::insert(CURL* easy, Knowledge knowledge) {
  erase(easy);  // one that went without our notice
  const Id id = ++m_last_id;
  m_by_id.emplace(id, easy);
  try {
    return m_handles.emplace(easy, Handle{id, knowledge}).first->second;
  } catch (...) {
    m_by_id.erase(id);
    throw;
  }
}

CurlHandles::Handle& CurlHandles::add(CURL* easy, Knowledge knowledge) {
  const std::lock_guard lock(m_mutex);
  return insert(easy, knowledge);
}

CurlHandles::Handle& CurlHandles::find_or_add(CURL* easy, UnseenHandles unseen) {
  const auto found = m_handles.find(easy);
  if (found != m_handles.end()) return found->second;
  return insert(easy, unseen == UnseenHandles::AreFresh ? Knowledge::Complete : Knowledge::Incomplete);
}

void CurlHandles::erase(CURL* easy) {
  const auto found = m_handles.find(easy);
  if (found == m_handles.end()) return;
  m_by_id.erase(found->second.id);
  m_handles.erase(found);
}

bool CurlHandles::may_forward_ssl_ctx(CURL* easy, UnseenHandles unseen) {
  const std::lock_guard lock(m_mutex);
  return !find_or_add(easy, unseen).armed;
}

std::optional<SslCtxFunction> CurlHandles::duplicated(CURL* easy, CURL* copy, UnseenHandles unseen) {
  const std::lock_guard lock(m_mutex);
  const Handle original = find_or_add(easy, unseen);
  insert(copy, original.knowledge).options = original.options;
  if (!original.armed) return std::nullopt;
  return original.options.ssl_ctx;
}

void CurlHandles::gone(CURL* easy) noexcept {
  const std::lock_guard lock(m_mutex);
  erase(easy);
}

std::optional<CurlHandles::Id> CurlHandles::arm(CURL* easy, UnseenHandles unseen) {
  const std::lock_guard lock(m_mutex);
  Handle& handle = find_or_add(easy, unseen);
  if (handle.armed || handle.knowledge == Knowledge::Incomplete) return std::nullopt;
  handle.armed = true;
  return handle.id;
}

std::optional<SslCtxFunction> CurlHandles::disarm(CURL* easy) noexcept {
  const std::lock_guard lock(m_mutex);
  const auto found = m_handles.find(easy);
  if (found == m_handles.end() || !found->second.armed) return std::nullopt;
  found->second.armed = false;
  return found->second.options.ssl_ctx;
}

std::optional<CurlHandles::Id> CurlHandles::reset(CURL* easy) {
  const std::lock_guard lock(m_mutex);
  Handle& handle = find_or_add(easy, UnseenHandles::AreFresh);
  handle.options = {};
  handle.knowledge = Knowledge::Complete;
  if (!handle.armed) return std::nullopt;
  return handle.id;
}

std::optional<CurlHandles::Found> CurlHandles::find(Id id) {
  const std::lock_guard lock(m_mutex);
  const auto easy = m_by_id.find(id);
  if (easy == m_by_id.end()) return std::nullopt;
  return Found{easy->second, m_handles.at(easy->second).options};
}

}  // namespace danelaw::plugin
