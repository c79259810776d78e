#include "sts_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace danelaw::policyd {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// sts-policy-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
bool is_field_name(std::string_view text) {
  constexpr std::size_t longest = 32;
  return !text.empty() && text.size() <= longest && is_letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
}

/// Printable ASCII and UTF-8, and at least one.
bool is_field_value(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f;
  });
}

/// RFC 5321 Domain: labels of letters, digits and inner hyphens.
bool is_domain(std::string_view name) {
  if (name.size() > longest_name) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view label = name.substr(begin, end - begin);
    if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-')
      return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; }))
      return false;
    begin = end + 1;
  }
  return true;
}

/// sts-policy-mx-value = ["*."] Domain
std::optional<std::string> pattern_in(std::string_view value) {
  const std::string_view domain = value.starts_with("*.") ? value.substr(2) : value;
  if (!is_domain(domain)) return std::nullopt;
  std::string pattern(value);
  for (char& c : pattern)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return pattern;
}

/// sts-policy-max-age-value = 1*10(DIGIT)
std::optional<std::chrono::seconds> max_age_in(std::string_view value) {
  constexpr std::size_t most_digits = 10;
  std::uint64_t seconds = 0;
  if (value.empty() || value.size() > most_digits) return std::nullopt;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return std::min(std::chrono::seconds(seconds), longest_max_age);
}

std::optional<StsMode> mode_in(std::string_view value) {
  for (const StsMode mode : {StsMode::None, StsMode::Testing, StsMode::Enforce})
    if (value == to_string(mode)) return mode;
  return std::nullopt;
}

/// The fields as they come. Of those that are there twice the first counts, mx excepted.
class Reader final {
 public:
  /// Why the line is none; nothing where it was taken.
  std::optional<std::string> take(std::string_view line) {
    if (trimmed(line).empty()) return std::nullopt;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return "a line without a colon";
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_field_name(name)) return "a line that begins with no field name";
    if (!is_field_value(value)) return fmt::format("{}: no value", name);
    if (name == "version") return take_version(value);
    if (name == "mode" && !m_mode) return taken(m_mode = mode_in(value), "mode");
    if (name == "max_age" && !m_max_age) return taken(m_max_age = max_age_in(value), "max_age");
    if (name == "mx") return take_pattern(value);
    return std::nullopt;  // RFC 8461 section 3.2: unknown fields are ignored
  }

  std::variant<StsPolicy, std::string> end() {
    if (!m_has_version) return "there is no version";
    if (!m_mode) return "there is no mode";
    if (!m_max_age) return "there is no max_age";
    if (m_mx.empty() && *m_mode != StsMode::None) return "there is no mx";
    return StsPolicy{*m_mode, std::move(m_mx), *m_max_age};
  }

 private:
  template <class T>
  static std::optional<std::string> taken(const std::optional<T>& value, const char* field) {
    return value ? std::nullopt : std::optional(fmt::format("{}: a value that it cannot have", field));
  }

  std::optional<std::string> take_version(std::string_view value) {
    if (m_has_version) return std::nullopt;
    m_has_version = value == "STSv1";
    return m_has_version ? std::nullopt : std::optional<std::string>("a version other than STSv1");
  }

  std::optional<std::string> take_pattern(std::string_view value) {
    auto pattern = pattern_in(value);
    if (!pattern) return "mx: neither a name nor a pattern";
    if (std::find(m_mx.begin(), m_mx.end(), *pattern) != m_mx.end()) return std::nullopt;
    m_pattern_octets += pattern->size() + 1;
    if (m_pattern_octets > max_pattern_octets) return "more mx than fit into a reply";
    m_mx.push_back(*std::move(pattern));
    return std::nullopt;
  }

  bool m_has_version = false;
  std::optional<StsMode> m_mode;
  std::optional<std::chrono::seconds> m_max_age;
  std::vector<std::string> m_mx;
  std::size_t m_pattern_octets = 0;
};

}  // namespace

std::string_view to_string(StsMode mode) {
  switch (mode) {
    case StsMode::None:
      return "none";
    case StsMode::Testing:
      return "testing";
    case StsMode::Enforce:
      return "enforce";
  }
  return "none";
}

/// sts-policy-term = LF / CRLF
std::variant<StsPolicy, std::string> sts_policy_from_text(std::string_view text) {
  if (text.size() > max_policy_octets) return "it is too long";
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (auto problem = reader.take(line)) return *std::move(problem);
  }
  return reader.end();
}

std::string to_text(const StsPolicy& policy) {
  std::string text = fmt::format("version: STSv1\nmode: {}\n", to_string(policy.mode));
  for (const std::string& pattern : policy.mx) text += fmt::format("mx: {}\n", pattern);
  return text + fmt::format("max_age: {}\n", policy.max_age.count());
}

}  // namespace danelaw::policyd
