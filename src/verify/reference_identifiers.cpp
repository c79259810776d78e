#include "verify/reference_identifiers.hpp"

#include <openssl/x509v3.h>

namespace danelaw::verify {

/// subjectAltName only, a wildcard only as the whole leftmost label. SMTP
/// may look at the subject where there is no dNSName (RFC 7672 section 3.2.3).
bool set_reference_identifiers(X509_VERIFY_PARAM* param, const Plan& plan) {
  unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  if (plan.policy.profile != Profile::Smtp) flags |= X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  X509_VERIFY_PARAM_set_hostflags(param, flags);

  if (X509_VERIFY_PARAM_set1_host(param, nullptr, 0) != 1) return false;
  if (plan.base_domain.empty() && plan.reference_identifiers.size() == 1)
    return X509_VERIFY_PARAM_set1_ip_asc(param, plan.reference_identifiers.front().c_str()) == 1;
  for (const std::string& name : plan.reference_identifiers)
    if (X509_VERIFY_PARAM_add1_host(param, name.data(), name.size()) != 1) return false;
  return !plan.reference_identifiers.empty();
}

}  // namespace danelaw::verify
