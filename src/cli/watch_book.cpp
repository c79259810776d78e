#include "watch_book.hpp"

#include <set>
#include <utility>

#include "files.hpp"

namespace danelaw::cli {
namespace {

void write_text(const std::string& path, const std::string& text) {
  write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

WatchBook::WatchBook(Files files, const WarnTimes& warn)
    : m_files(std::move(files)),
      m_warn(warn),
      m_standings(m_files.state ? read_state(*m_files.state) : Standings()) {}

WatchReport WatchBook::enter(const std::string& service, const Observation& observation) {
  std::vector<Concern> concerns = concerns_of(observation, m_warn);
  const auto before = m_standings.find(service);
  News news = compare(before == m_standings.end() ? std::nullopt : std::optional(before->second), observation,
                      concerns);
  m_standings.insert_or_assign(service, news.standing);
  m_readings.insert_or_assign(service, reading_of(observation, concerns));
  m_is_saved = false;
  return {service, observation, std::move(concerns), std::move(news.standing), std::move(news.events)};
}

void WatchBook::keep_only(const std::vector<WatchedService>& list) {
  std::set<std::string> names;
  for (const WatchedService& service : list) names.insert(service.name);
  std::erase_if(m_standings, [&](const auto& entry) { return !names.contains(entry.first); });
  std::erase_if(m_readings, [&](const auto& entry) { return !names.contains(entry.first); });
  m_services = list.size();
  m_is_saved = false;
}

void WatchBook::save() {
  if (m_is_saved) return;
  if (m_files.state) write_text(*m_files.state, to_state_text(m_standings));
  if (m_files.metrics) write_text(*m_files.metrics, to_metrics(m_readings, m_services));
  m_is_saved = true;
}

}  // namespace danelaw::cli
