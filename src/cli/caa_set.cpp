#include "caa_set.hpp"

#include <algorithm>

namespace danelaw::cli {
namespace {

void allow(CaaAllowance& allowance, const std::string& value) {
  allowance.is_restricted = true;
  // RFC 8659 section 4.2: a value that breaks the grammar counts as one that names nobody.
  const std::optional<CaaIssue> issue = issue_of(value);
  if (!issue || issue->issuer.empty()) return;
  if (std::ranges::find(allowance.issuers, issue->issuer) == allowance.issuers.end())
    allowance.issuers.push_back(issue->issuer);
}

void add(CaaSet& set, const CaaRecord& record) {
  switch (record.meaning()) {
    case CaaTag::Issue:
      return allow(set.names, record.value);
    case CaaTag::IssueWild:
      return allow(set.wildcards, record.value);
    case CaaTag::IssueMail:
      return allow(set.mail, record.value);
    case CaaTag::IssueVmc:
      return allow(set.marks, record.value);
    case CaaTag::Iodef:
    case CaaTag::ContactEmail:
    case CaaTag::ContactPhone:
      return;
    case CaaTag::Reserved:
    case CaaTag::Unknown:
      // RFC 8659 section 4.1
      if (record.is_critical()) set.critical.push_back(record.tag);
      return;
  }
}

}  // namespace

CaaSet caa_set_of(std::span<const std::string> rdatas) {
  CaaSet set;
  for (const std::string& rdata : rdatas) {
    const std::vector<std::uint8_t> octets(rdata.begin(), rdata.end());
    const std::optional<CaaRecord> record = caa_of_rdata(octets);
    if (record) add(set, *record);
    if (!record) ++set.malformed;
  }
  // RFC 8659 section 4.3: without issuewild, issue is for wildcards, too.
  if (!set.wildcards.is_restricted) set.wildcards = set.names;
  return set;
}

std::string to_text(const CaaAllowance& allowance) {
  if (!allowance.is_restricted) return "anybody";
  if (allowance.issuers.empty()) return "nobody";
  std::string text;
  for (const std::string& issuer : allowance.issuers) text += (text.empty() ? "" : ", ") + issuer;
  return text;
}

std::string parent_of(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\')
      ++i;  // what is escaped separates no labels; of \DDD the other digits are no dots
    else if (name[i] == '.')
      return std::string(name.substr(i + 1));
  }
  return "";
}

}  // namespace danelaw::cli
