#include "dnssec/anchor_state_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/hex.hpp"
#include "dnssec/dnskey.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::string_view first_line = "danelaw trust anchor state 1";
constexpr std::string_view last_line = "end";

/// Decimal digits, nothing else.
std::optional<EpochSeconds> time_from(std::string_view text) {
  EpochSeconds value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  if (text.size() > 1 && text.starts_with('0')) return std::nullopt;
  return value;
}

std::optional<KeyState> state_from(std::string_view text) {
  for (const KeyState state :
       {KeyState::AddPending, KeyState::Valid, KeyState::Missing, KeyState::Revoked, KeyState::Removed})
    if (text == to_string(state)) return state;
  return std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

std::optional<FollowedKey> key_from(const std::vector<std::string_view>& words) {
  constexpr std::size_t fields = 5;
  if (words.size() != fields || words[0] != "key") return std::nullopt;
  const auto state = state_from(words[1]);
  const auto since = time_from(words[2]);
  const auto hold = time_from(words[3]);
  auto rdata = from_hex(words[4]);
  if (!state || !since || !hold || !rdata || to_hex(*rdata) != words[4]) return std::nullopt;
  const auto key = Dnskey::from_rdata(*rdata);
  if (!key || !key->may_sign_zone()) return std::nullopt;
  return FollowedKey{std::move(*rdata), *state, *since, *hold};
}

/// Lines, each with its end; nothing where the last has none.
class Lines final {
 public:
  explicit Lines(std::string_view text) : m_rest(text) {}
  std::optional<std::string_view> next() {
    const std::size_t end = m_rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = m_rest.substr(0, end);
    m_rest.remove_prefix(end + 1);
    ++m_number;
    return line;
  }
  [[nodiscard]] bool at_end() const { return m_rest.empty(); }
  [[nodiscard]] Problem wrong(const std::string& wanted) const {
    return {Fault::Anchor, "line " + std::to_string(m_number) + ": " + wanted};
  }

 private:
  std::string_view m_rest;
  std::size_t m_number = 0;
};

std::optional<EpochSeconds> time_line(Lines& lines, std::string_view word) {
  const auto line = lines.next();
  const auto words = words_of(line.value_or(""));
  if (words.size() != 2 || words[0] != word) return std::nullopt;
  return time_from(words[1]);
}

}  // namespace

Result<AnchorState> anchor_state_from_text(std::string_view text) {
  Lines lines(text);
  if (text.size() > max_state_octets || lines.next() != first_line)
    return lines.wrong("this is no state of trust anchors");
  const auto zone_words = words_of(lines.next().value_or(""));
  if (zone_words.size() != 2 || zone_words[0] != "zone") return lines.wrong("a zone is wanted");
  auto zone = DnsName::from_text(zone_words[1]);
  if (!zone || zone->to_text() != zone_words[1]) return lines.wrong("this is no zone");
  const auto seen = time_line(lines, "seen");
  const auto next = seen ? time_line(lines, "next") : std::nullopt;
  if (!seen || !next) return lines.wrong("a time is wanted");
  AnchorState state{std::move(*zone), *seen, *next};
  while (true) {
    const auto line = lines.next();
    if (!line) return lines.wrong("it ends before its end");
    if (*line == last_line) break;
    auto key = key_from(words_of(*line));
    if (!key || state.keys.size() == max_followed_keys) return lines.wrong("this is no key, or one too many");
    if (std::ranges::find(state.keys, key->rdata, &FollowedKey::rdata) != state.keys.end())
      return lines.wrong("this key is there twice");
    state.keys.push_back(std::move(*key));
  }
  if (!lines.at_end()) return lines.wrong("there is something behind its end");
  return state;
}

std::string to_text(const AnchorState& state) {
  std::string text = std::string(first_line) + "\nzone " + state.zone.to_text() + "\nseen " +
                     std::to_string(state.seen) + "\nnext " + std::to_string(state.next_refresh) + "\n";
  for (const FollowedKey& key : state.keys)
    text += "key " + std::string(to_string(key.state)) + " " + std::to_string(key.since) + " " +
            std::to_string(key.hold) + " " + to_hex(key.rdata) + "\n";
  return text + std::string(last_line) + "\n";
}

}  // namespace danelaw::dnssec
