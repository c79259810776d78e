#include "dns/answer.hpp"

namespace danelaw::dns {

EpochSeconds expiry_of(const Answer& answer) {
  if (const auto* rrset = std::get_if<SecureRrset>(&answer)) return rrset->expires;
  if (const auto* denial = std::get_if<SecureDenial>(&answer)) return denial->expires;
  if (const auto* insecure = std::get_if<InsecureAnswer>(&answer)) return insecure->expires;
  return 0;
}

}  // namespace danelaw::dns
