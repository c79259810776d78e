#include "service/pin_shares.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace danelaw::service {
namespace {

constexpr EpochSeconds never = std::numeric_limits<EpochSeconds>::max();

/// The last label of `host`, or the last two; it is shortened by them and by the dot before.
std::string_view take_last(std::string_view& host, std::size_t labels) {
  std::size_t dot = host.rfind('.');
  if (labels == 2 && dot != std::string_view::npos && dot != 0) dot = host.rfind('.', dot - 1);
  const std::string_view taken = dot == std::string_view::npos ? host : host.substr(dot + 1);
  host = dot == std::string_view::npos ? std::string_view() : host.substr(0, dot);
  return taken;
}

struct Share {
  std::size_t count = 0;
  EpochSeconds first_end = never;

  [[nodiscard]] bool gives_way_before(const Share& other) const {
    return count != other.count ? count > other.count : first_end < other.first_end;
  }
};

/// Names that end alike, and the pins of the very name that they all end with.
class Branch final {
 public:
  [[nodiscard]] const Share& share() const { return m_share; }

  void add(std::string_view host, EpochSeconds end, std::size_t index, std::size_t labels = 2) {
    ++m_share.count;
    m_share.first_end = std::min(m_share.first_end, end);
    if (host.empty()) {
      m_own.emplace(end, index);
      return;
    }
    const std::string_view last = take_last(host, labels);
    m_longer[last].add(host, end, index, 1);
  }

  std::size_t take() {
    auto fullest = m_longer.begin();
    for (auto branch = m_longer.begin(); branch != m_longer.end(); ++branch)
      if (branch->second.share().gives_way_before(fullest->second.share())) fullest = branch;
    const bool is_own = fullest == m_longer.end() || own_share().gives_way_before(fullest->second.share());
    const std::size_t taken = is_own ? m_own.extract(m_own.begin()).mapped() : fullest->second.take();
    if (!is_own && fullest->second.share().count == 0) m_longer.erase(fullest);
    m_share = {m_share.count - 1, own_share().first_end};
    for (const auto& [label, branch] : m_longer)
      m_share.first_end = std::min(m_share.first_end, branch.share().first_end);
    return taken;
  }

 private:
  [[nodiscard]] Share own_share() const {
    return m_own.empty() ? Share() : Share{m_own.size(), m_own.begin()->first};
  }

  Share m_share;
  std::map<std::string_view, Branch> m_longer;  // by the next label to the left
  std::multimap<EpochSeconds, std::size_t> m_own;
};

}  // namespace

std::vector<std::size_t> giving_way(std::span<const PinShare> pins, std::size_t surplus) {
  Branch all;
  for (std::size_t index = 0; index < pins.size(); ++index) all.add(pins[index].host, pins[index].end, index);
  std::vector<std::size_t> indices;
  while (indices.size() < surplus && all.share().count > 0) indices.push_back(all.take());
  return indices;
}

}  // namespace danelaw::service
