// CAA RDATA (RFC 8659 section 4.1) and the grammar of its values (section 4.2): what stands there, and nothing of what a set of
// records means, which is caa_set's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cursor.hpp"

namespace danelaw::cli {

/// The properties that are registered with IANA. Reserved: auth, path and policy, which no standard has given a meaning.
enum class CaaTag {
  Issue,
  IssueWild,
  IssueMail,
  IssueVmc,
  Iodef,
  ContactEmail,
  ContactPhone,
  Reserved,
  Unknown
};

struct CaaRecord {
  std::uint8_t flags = 0;
  std::string tag;    ///< letters and digits, as they were written; at least one
  std::string value;  ///< octets

  [[nodiscard]] bool is_critical() const { return (flags & 0x80U) != 0; }
  /// Tags match without regard to case (section 4.1).
  [[nodiscard]] CaaTag meaning() const;
  friend bool operator==(const CaaRecord&, const CaaRecord&) = default;
};

/// Nothing where the octets are none.
[[nodiscard]] std::optional<CaaRecord> caa_of_rdata(Octets rdata);

/// Issue, IssueWild, IssueMail and IssueVmc share one grammar of values.
[[nodiscard]] bool names_an_issuer(CaaTag tag);

struct CaaParameter {
  std::string tag;
  std::string value;
  friend bool operator==(const CaaParameter&, const CaaParameter&) = default;
};

struct CaaIssue {
  std::string issuer;  ///< the issuer-domain-name; "": nobody
  std::vector<CaaParameter> parameters;
  friend bool operator==(const CaaIssue&, const CaaIssue&) = default;
};

/// issue-value. Nothing where it does not match the grammar: it then counts as one that names nobody.
[[nodiscard]] std::optional<CaaIssue> issue_of(std::string_view value);
/// One way to write it.
[[nodiscard]] std::string to_value(const CaaIssue& issue);

/// RFC 8657 section 4: the names after validationmethods=, none or more; nothing where they are not such a list.
[[nodiscard]] std::optional<std::vector<std::string>> validation_methods_of(std::string_view value);

}  // namespace danelaw::cli
