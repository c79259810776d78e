#include "sts_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "files.hpp"
#include "os/system_errors.hpp"

namespace danelaw::policyd {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "danelaw-policyd sts 1\n";
constexpr std::size_t most_file_octets = 16 * 1024;
constexpr std::size_t files_for_each_place = 4;
constexpr std::size_t longest_id = 32;

/// The rest of the line that begins with `prefix`, which is taken off `text`.
std::optional<std::string_view> line_after(std::string_view prefix, std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(prefix) || end == std::string_view::npos) return std::nullopt;
  const std::string_view value = text.substr(prefix.size(), end - prefix.size());
  text.remove_prefix(end + 1);
  return value;
}

bool is_id(std::string_view text) {
  return text.size() <= longest_id && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace

std::string to_file_text(const KeptPolicy& kept) {
  return fmt::format("{}id: {}\nfetched: {}\n{}", first_line, kept.id, kept.fetched, to_text(kept.policy));
}

std::optional<KeptPolicy> kept_policy_from(std::string_view text) {
  if (!line_after(first_line.substr(0, first_line.size() - 1), text)) return std::nullopt;
  const auto id = line_after("id: ", text);
  const auto fetched = line_after("fetched: ", text);
  if (!id || !fetched || !is_id(*id)) return std::nullopt;
  KeptPolicy kept{std::string(*id), 0, {}};
  const auto [end, error] = std::from_chars(fetched->data(), fetched->data() + fetched->size(), kept.fetched);
  constexpr std::int64_t latest = 1LL << 40;  // far away, and a sum with it is no overflow
  if (error != std::errc() || end != fetched->data() + fetched->size() || kept.fetched < 0 ||
      kept.fetched > latest)
    return std::nullopt;
  auto policy = sts_policy_from_text(text);
  if (!std::holds_alternative<StsPolicy>(policy)) return std::nullopt;
  kept.policy = std::get<StsPolicy>(std::move(policy));
  return kept;
}

StsStore::StsStore(std::string directory, std::size_t most)
    : m_directory(std::move(directory)), m_most(most) {
  if (m_directory.empty()) return;
  std::error_code error;
  fs::create_directory(m_directory, error);
  if (!fs::is_directory(m_directory, error))
    m_problem = fmt::format("{}: no directory, and none can be made", m_directory);
  else
    look_through_directory(std::time(nullptr));
}

/// Files that are over, and those that nobody finished, go.
void StsStore::look_through_directory(std::int64_t now) {
  std::error_code error;
  std::vector<fs::path> gone;
  for (fs::directory_iterator each(m_directory, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    const auto text = read_file(each->path().string(), most_file_octets);
    const auto kept = text ? kept_policy_from(*text) : std::nullopt;
    const bool is_over = !kept || kept->expires() <= now;
    is_over || name.starts_with(unfinished_prefix) ? gone.push_back(each->path()) : void(++m_files);
  }
  for (const fs::path& path : gone) fs::remove(path, error);
}

std::optional<KeptPolicy> StsStore::find(const std::string& domain, std::int64_t now) {
  const auto found = m_policies.find(domain);
  if (found == m_policies.end()) {
    auto kept = read(domain);
    if (!kept || kept->expires() <= now) return std::nullopt;
    remember(domain, *kept);
    return kept;
  }
  if (found->second.kept.expires() <= now) {
    m_used.erase(found->second.used);
    m_policies.erase(found);
    return std::nullopt;
  }
  m_used.splice(m_used.begin(), m_used, found->second.used);
  return found->second.kept;
}

void StsStore::keep(const std::string& domain, KeptPolicy kept) {
  write(domain, kept);
  remember(domain, std::move(kept));
}

void StsStore::adopt(const StsStore& other) {
  for (const auto& [domain, place] : other.m_policies) keep(domain, place.kept);
}

void StsStore::remember(const std::string& domain, KeptPolicy kept) {
  const auto [place, is_new] = m_policies.try_emplace(domain);
  if (is_new) place->second.used = m_used.insert(m_used.begin(), &place->first);
  place->second.kept = std::move(kept);
  if (m_policies.size() <= m_most) return;
  const auto last = m_policies.find(*m_used.back());
  m_used.pop_back();
  m_policies.erase(last);
}

std::optional<KeptPolicy> StsStore::read(const std::string& domain) const {
  if (m_directory.empty()) return std::nullopt;
  const auto text = read_file(m_directory + "/" + domain, most_file_octets);
  return text ? kept_policy_from(*text) : std::nullopt;
}

void StsStore::write(const std::string& domain, const KeptPolicy& kept) {
  if (m_directory.empty()) return;
  const std::string path = m_directory + "/" + domain;
  std::error_code error;
  const bool is_new = !fs::exists(path, error);
  if (is_new && m_files >= files_for_each_place * m_most) {
    m_files = 0;
    look_through_directory(std::time(nullptr));
    if (m_files >= files_for_each_place * m_most) return;
  }
  if (!replace_file(m_directory, domain, to_file_text(kept), 0644)) {
    m_problem = fmt::format("{}: cannot be written: {}", path, text_of_error(errno));
    return;
  }
  m_problem.clear();
  if (is_new) ++m_files;
}

}  // namespace danelaw::policyd
