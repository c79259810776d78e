#include "verify/reference_identifiers.hpp"

#include <openssl/x509v3.h>

namespace danelaw::verify {

namespace {

bool has_hosts(X509_VERIFY_PARAM* param, const std::vector<std::string>& names) {
  int index = 0;
  for (const std::string& name : names) {
    const char* host = X509_VERIFY_PARAM_get0_host(param, index++);
    if (host == nullptr || host != name) return false;
  }
  return X509_VERIFY_PARAM_get0_host(param, index) == nullptr;
}

}  // namespace

bool set_hosts(X509_VERIFY_PARAM* param, const std::vector<std::string>& names) {
  if (!names.empty() && has_hosts(param, names)) return true;  // nearly always: the hook has set them
  auto put = X509_VERIFY_PARAM_set1_host;  // the first name takes the place of what was there
  for (const std::string& name : names) {
    if (put(param, name.data(), name.size()) != 1) return false;
    put = X509_VERIFY_PARAM_add1_host;
  }
  return !names.empty();
}

/// subjectAltName only, a wildcard only as the whole leftmost label. SMTP
/// may look at the subject where there is no dNSName (RFC 7672 section 3.2.3).
bool set_reference_identifiers(X509_VERIFY_PARAM* param, const Plan& plan) {
  unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  if (plan.policy.profile != Profile::Smtp) flags |= X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  X509_VERIFY_PARAM_set_hostflags(param, flags);

  const std::vector<std::string>& names = plan.reference_identifiers;
  const bool is_address = plan.base_domain.empty() && names.size() == 1;
  if (!is_address) return set_hosts(param, names);
  return X509_VERIFY_PARAM_set1_host(param, nullptr, 0) == 1 &&
         X509_VERIFY_PARAM_set1_ip_asc(param, names.front().c_str()) == 1;
}

}  // namespace danelaw::verify
