// CAA in words (RFC 8659, RFC 8657, RFC 9495; contactemail and contactphone are of the CA/Browser Forum's Baseline Requirements,
// issuevmc of the Verified Mark Certificates').
#include <fmt/format.h>

#include <algorithm>

#include "caa_set.hpp"
#include "explanation.hpp"
#include "rdata_caa.hpp"

namespace danelaw::cli {
namespace {

const char* issued_by(CaaTag tag) {
  switch (tag) {
    case CaaTag::Issue:
      return "certificates for the name (and for wildcards, unless issuewild is there)";
    case CaaTag::IssueWild:
      return "wildcard certificates";
    case CaaTag::IssueMail:
      return "S/MIME certificates";
    case CaaTag::IssueVmc:
      return "verified mark certificates";
    case CaaTag::Iodef:
    case CaaTag::ContactEmail:
    case CaaTag::ContactPhone:
    case CaaTag::Reserved:
    case CaaTag::Unknown:
      return "";
  }
  return "";
}

std::string explain_parameter(const CaaParameter& parameter) {
  if (parameter.tag == "accounturi") return fmt::format("only for the account {}", parameter.value);
  if (parameter.tag != "validationmethods")
    return fmt::format("parameter {}={}: its meaning is the CA's", parameter.tag, parameter.value);
  const auto methods = validation_methods_of(parameter.value);
  if (!methods)
    return fmt::format("validationmethods={}: malformed, so no CA that knows it issues", parameter.value);
  std::string text;
  for (const std::string& method : *methods) text += (text.empty() ? "" : ", ") + method;
  return "only after validation by " + (text.empty() ? "no method at all" : text);
}

bool occurs_twice(const CaaIssue& issue, std::string_view tag) {
  return std::ranges::count(issue.parameters, tag, &CaaParameter::tag) > 1;
}

void explain_issue(Explanation& explanation, const CaaRecord& record, CaaTag tag) {
  const std::optional<CaaIssue> issue = issue_of(record.value);
  if (!issue) {
    explanation.lines.push_back(
        fmt::format("malformed value: counts as nobody may issue {} (RFC 8659 section 4.2)", issued_by(tag)));
    explanation.object["problem"] = "the value does not match the grammar of RFC 8659 section 4.2";
    explanation.object["issuer"] = "";
    explanation.object["parameters"] = Json::array();
    return;
  }
  explanation.lines.push_back(
      fmt::format("{} may issue {}", issue->issuer.empty() ? "nobody" : issue->issuer, issued_by(tag)));
  explanation.object["issuer"] = issue->issuer;
  Json parameters = Json::array();
  for (const CaaParameter& parameter : issue->parameters) {
    explanation.lines.push_back("  " + explain_parameter(parameter));
    parameters.push_back({{"tag", parameter.tag}, {"value", parameter.value}});
  }
  explanation.object["parameters"] = parameters;
  // Only of accounturi RFC 8657 section 3 says what that means.
  if (occurs_twice(*issue, "accounturi"))
    explanation.lines.emplace_back(
        "  accounturi more than once: nobody can satisfy that (RFC 8657 section 3)");
  if (occurs_twice(*issue, "validationmethods"))
    explanation.lines.emplace_back(
        "  validationmethods more than once: RFC 8657 leaves open what that means");
}

std::string explain_iodef(const std::string& url) {
  for (const char* const scheme : {"mailto:", "https:", "http:"}) {
    if (url.starts_with(scheme)) return "reports of requests that were refused go to " + url;
  }
  return "reports of requests that were refused: neither mailto nor http(s), so nobody sends them";
}

void explain_property(Explanation& explanation, const CaaRecord& record) {
  std::vector<std::string>& lines = explanation.lines;
  const CaaTag tag = record.meaning();
  switch (tag) {
    case CaaTag::Issue:
    case CaaTag::IssueWild:
    case CaaTag::IssueMail:
    case CaaTag::IssueVmc:
      return explain_issue(explanation, record, tag);
    case CaaTag::Iodef:
      return lines.push_back(explain_iodef(record.value));
    case CaaTag::ContactEmail:
      return lines.push_back("CAs may validate the domain by mail to " + record.value);
    case CaaTag::ContactPhone:
      return lines.push_back("CAs may validate the domain by a call to " + record.value);
    case CaaTag::Reserved:
      return lines.push_back(fmt::format("{}: reserved, without a meaning", record.tag));
    case CaaTag::Unknown:
      return lines.push_back(fmt::format("{}: no standard defines it", record.tag));
  }
}

void explain_flags(Explanation& explanation, const CaaRecord& record) {
  const bool is_known = record.meaning() != CaaTag::Unknown && record.meaning() != CaaTag::Reserved;
  explanation.object["known"] = is_known;
  if (record.is_critical())
    explanation.lines.emplace_back(is_known ? "critical: CAs that do not know the tag must not issue"
                                            : "critical and unknown: no CA may issue (RFC 8659 section 4.1)");
  if (!is_known && !record.is_critical())
    explanation.lines.emplace_back("not critical: CAs that do not know it ignore it");
  if ((record.flags & 0x7FU) != 0)
    explanation.lines.push_back(fmt::format("flags {}: reserved bits, which CAs ignore", record.flags));
}

Json json_of(const CaaAllowance& allowance) {
  return {{"restricted", allowance.is_restricted}, {"issuers", allowance.issuers}};
}

}  // namespace

Explanation explain_caa(Octets rdata) {
  const std::optional<CaaRecord> record = caa_of_rdata(rdata);
  if (!record) return malformed("CAA", "no flags, tag and value as RFC 8659 section 4.1 has them");
  Explanation explanation;
  explanation.object["type"] = "CAA";
  explanation.object.update({{"flags", record->flags},
                             {"critical", record->is_critical()},
                             {"tag", record->tag},
                             {"value", record->value}});
  explain_property(explanation, *record);
  explain_flags(explanation, *record);
  return explanation;
}

Explanation explain_caa_set(std::span<const std::string> rdatas) {
  const CaaSet set = caa_set_of(rdatas);
  Explanation explanation;
  explanation.object = {{"names", json_of(set.names)},      {"wildcards", json_of(set.wildcards)},
                        {"mail", json_of(set.mail)},        {"marks", json_of(set.marks)},
                        {"unknown_critical", set.critical}, {"malformed", set.malformed}};
  explanation.lines = {fmt::format("may issue: {}; wildcards: {}; S/MIME: {}; verified marks: {}",
                                   to_text(set.names), to_text(set.wildcards), to_text(set.mail),
                                   to_text(set.marks))};
  for (const std::string& tag : set.critical)
    explanation.lines.push_back(fmt::format("but {} is critical and unknown: no CA may issue", tag));
  if (set.malformed != 0)
    explanation.lines.push_back(
        fmt::format("{} malformed: what CAs make of it is up to them", set.malformed));
  return explanation;
}

}  // namespace danelaw::cli
