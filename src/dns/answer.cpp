#include "dns/answer.hpp"

#include <algorithm>
#include <array>

namespace danelaw::dns {
namespace {

constexpr std::array<std::uint16_t, 6> types_never_asked = {0, 41, 42, 45, 55, 260};
constexpr std::uint16_t first_meta_type = 128;
constexpr std::uint16_t last_meta_type = 255;

bool begins_with_mta_sts(const DnsName& name) {
  static const DnsName label = DnsName::from_text("_mta-sts").value();
  const std::size_t octets = label.wire().size() - 1;  // without the root
  return name.wire().size() > octets && equal(name.wire().first(octets), label.wire().first(octets));
}

}  // namespace

bool can_be_asked(RrType type) {
  const auto number = static_cast<std::uint16_t>(type);
  if (number >= first_meta_type && number <= last_meta_type) return false;
  return std::find(types_never_asked.begin(), types_never_asked.end(), number) == types_never_asked.end();
}

bool is_referral(const Question& question) {
  if (question.type == RrType::Mx || question.type == RrType::Srv) return true;
  return question.type == RrType::Txt && begins_with_mta_sts(question.name);
}

SharedTrace trace_of(const Answer& answer) {
  return std::visit([](const auto& any) { return any.trace; }, answer);
}

EpochSeconds expiry_of(const Answer& answer) {
  if (const auto* rrset = std::get_if<SecureRrset>(&answer)) return rrset->expires;
  if (const auto* denial = std::get_if<SecureDenial>(&answer)) return denial->expires;
  if (const auto* insecure = std::get_if<InsecureAnswer>(&answer)) return insecure->expires;
  return 0;
}

}  // namespace danelaw::dns
