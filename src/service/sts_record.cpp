#include "service/sts_record.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace danelaw::service {
namespace {

constexpr std::string_view version = "v=STSv1";

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// sts-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
bool is_field_name(std::string_view text) {
  constexpr std::size_t longest = 32;
  return !text.empty() && text.size() <= longest && is_letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; });
}

/// sts-ext-value = 1*(%x21-3A / %x3C / %x3E-7E), without "=" and ";"
bool is_field_value(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c > 0x20 && c < 0x7f && c != ';' && c != '='; });
}

/// sts-id = %s"id=" 1*32(ALPHA / DIGIT)
bool is_id(std::string_view text) {
  constexpr std::size_t longest = 32;
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// RFC 8461 section 3.1: strings of one record are joined without anything between them.
std::optional<std::string> text_of(Bytes rdata) {
  std::string text;
  ByteReader reader(rdata);
  while (reader.remaining() > 0) {
    const auto length = reader.take_u8();
    const auto octets = length ? reader.take(*length) : std::nullopt;
    if (!octets) return std::nullopt;
    text.append(octets->begin(), octets->end());
  }
  return text;
}

bool begins_as_announcement(std::string_view text) {
  return text.starts_with(version) && trimmed(text.substr(version.size())).starts_with(';');
}

StsRecord none(std::string code, std::string reason, EpochSeconds expires) {
  return {"", std::move(code), std::move(reason), expires};
}

/// RFC 8461 section 3.1: records that do not begin with the version do not count; of the others there must be one.
StsRecord among(const std::vector<Buffer>& rdatas, EpochSeconds expires) {
  std::vector<std::string> announcements;
  for (const Buffer& rdata : rdatas) {
    const auto text = text_of(rdata);
    if (text && begins_as_announcement(*text)) announcements.push_back(*text);
  }
  if (announcements.empty()) return none("absent", "no policy of MTA-STS is announced", expires);
  if (announcements.size() > 1)
    return none("several", "more than one record announces a policy of MTA-STS", expires);
  std::string id = sts_id(announcements.front());
  if (id.empty())
    return none("malformed", "the record that announces a policy of MTA-STS is malformed", expires);
  return {std::move(id), "", "", expires};
}

struct Read {
  StsRecord operator()(const dns::FailedAnswer& failed) const {
    return none(std::string(tlsa::to_string(failed.fault)), failed.reason, 0);
  }
  StsRecord operator()(const dns::SecureRrset& rrset) const { return among(rrset.rdatas, rrset.expires); }
  StsRecord operator()(const dns::SecureDenial& denial) const { return among({}, denial.expires); }
  StsRecord operator()(const dns::InsecureAnswer& insecure) const {
    if (!insecure.referral) return none("insecure", "nothing usable is known of it", insecure.expires);
    return among(insecure.referral->rdatas, insecure.expires);
  }
};

}  // namespace

Result<DnsName> sts_owner(const DnsName& policy_domain) { return policy_domain.child("_mta-sts"); }

StsRecord sts_record(const dns::Answer& answer) { return std::visit(Read{}, answer); }

/// sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim], delimiters with blanks around them.
std::string sts_id(std::string_view text) {
  if (!text.starts_with(version)) return "";
  text = trimmed(text.substr(version.size()));
  std::string id;
  bool is_first = true;
  while (!text.empty()) {
    if (text.front() != ';') return "";
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view field = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    if (field.empty() && text.empty() && !is_first) break;  // the last delimiter
    is_first = false;
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) return "";
    const std::string_view name = field.substr(0, equals);
    const std::string_view value = field.substr(equals + 1);
    if (!is_field_name(name) || !is_field_value(value)) return "";
    // A field that is there twice counts once, the first time.
    if (name != "id" || !id.empty()) continue;
    if (!is_id(value)) return "";
    id = value;
  }
  return id;
}

}  // namespace danelaw::service
