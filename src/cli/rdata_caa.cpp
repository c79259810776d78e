#include "rdata_caa.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace danelaw::cli {
namespace {

struct Named {
  std::string_view tag;
  CaaTag meaning;
};
constexpr std::array tags = {
    Named{"issue", CaaTag::Issue},
    Named{"issuewild", CaaTag::IssueWild},
    Named{"issuemail", CaaTag::IssueMail},
    Named{"issuevmc", CaaTag::IssueVmc},
    Named{"iodef", CaaTag::Iodef},
    Named{"contactemail", CaaTag::ContactEmail},
    Named{"contactphone", CaaTag::ContactPhone},
    Named{"auth", CaaTag::Reserved},
    Named{"path", CaaTag::Reserved},
    Named{"policy", CaaTag::Reserved},
};

// Those of <cctype> ask the locale.
bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_of_label(char c) { return is_alphanumeric(c) || c == '-'; }
bool is_of_name(char c) { return is_of_label(c) || c == '.'; }
bool is_of_value(char c) { return c >= 0x21 && c <= 0x7E && c != ';'; }

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

/// label = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT)); the tag of a parameter is the same.
bool is_label(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_of_label) && is_alphanumeric(text.front()) &&
         is_alphanumeric(text.back());
}

/// issuer-domain-name = label *("." label)
bool is_issuer_name(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

class IssueReader final {
 public:
  explicit IssueReader(std::string_view text) : m_rest(text) {}

  /// issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]
  std::optional<CaaIssue> read() {
    CaaIssue issue;
    take_while(is_space);
    issue.issuer = take_while(is_of_name);
    if (!issue.issuer.empty() && !is_issuer_name(issue.issuer)) return std::nullopt;
    take_while(is_space);
    if (m_rest.empty()) return issue;
    if (!take(';')) return std::nullopt;
    take_while(is_space);
    // parameters = (parameter *WSP ";" *WSP parameters) / parameter: no semicolon ends them.
    for (bool more = !m_rest.empty(); more; more = !m_rest.empty()) {
      if (!issue.parameters.empty() && !take_separator()) return std::nullopt;
      std::optional<CaaParameter> parameter = read_parameter();
      if (!parameter) return std::nullopt;
      issue.parameters.push_back(std::move(*parameter));
      take_while(is_space);
    }
    return issue;
  }

 private:
  /// parameter = tag *WSP "=" *WSP value
  std::optional<CaaParameter> read_parameter() {
    CaaParameter parameter;
    parameter.tag = take_while(is_of_label);
    if (!is_label(parameter.tag)) return std::nullopt;
    take_while(is_space);
    if (!take('=')) return std::nullopt;
    take_while(is_space);
    parameter.value = take_while(is_of_value);
    return parameter;
  }
  bool take_separator() {
    const bool taken = take(';');
    take_while(is_space);
    return taken;
  }
  bool take(char c) {
    if (m_rest.empty() || m_rest.front() != c) return false;
    m_rest.remove_prefix(1);
    return true;
  }
  std::string take_while(bool (*wanted)(char)) {
    const auto end = std::ranges::find_if_not(m_rest, wanted);
    const std::string taken(m_rest.begin(), end);
    m_rest.remove_prefix(taken.size());
    return taken;
  }

  std::string_view m_rest;
};

}  // namespace

CaaTag CaaRecord::meaning() const {
  const std::string wanted = lower_case(tag);
  const auto* const found =
      std::ranges::find_if(tags, [&wanted](const auto& row) { return row.tag == wanted; });
  return found == tags.end() ? CaaTag::Unknown : found->meaning;
}

std::optional<CaaRecord> caa_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const std::optional<std::uint32_t> flags = cursor.number(1);
  // RFC 8659 section 4.1: the tag's length is at least 1, and it is made of ASCII letters and digits.
  const std::optional<std::uint32_t> length = cursor.number(1);
  if (!flags || !length || *length == 0) return std::nullopt;
  const std::optional<Octets> tag = cursor.take(*length);
  if (!tag) return std::nullopt;
  CaaRecord record{static_cast<std::uint8_t>(*flags), string_of(*tag), string_of(cursor.take_rest())};
  if (!std::ranges::all_of(record.tag, is_alphanumeric)) return std::nullopt;
  return record;
}

bool names_an_issuer(CaaTag tag) {
  return tag == CaaTag::Issue || tag == CaaTag::IssueWild || tag == CaaTag::IssueMail ||
         tag == CaaTag::IssueVmc;
}

std::optional<CaaIssue> issue_of(std::string_view value) { return IssueReader(value).read(); }

std::string to_value(const CaaIssue& issue) {
  std::string text = issue.issuer;
  if (text.empty() && issue.parameters.empty()) return ";";
  for (const CaaParameter& parameter : issue.parameters) text += "; " + parameter.tag + "=" + parameter.value;
  return text;
}

std::optional<std::vector<std::string>> validation_methods_of(std::string_view value) {
  std::vector<std::string> methods;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view method = value.substr(0, comma);
    if (method.empty() || !std::ranges::all_of(method, is_of_label)) return std::nullopt;
    methods.emplace_back(method);
    if (comma == std::string_view::npos) return methods;
    value.remove_prefix(comma + 1);
    if (value.empty()) return std::nullopt;
  }
  return methods;
}

}  // namespace danelaw::cli
