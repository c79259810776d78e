// Names: which ones the certificate must carry, and how they are compared (RFC 7671 section 10.2, RFC 9525).
#pragma once

#include <openssl/x509_vfy.h>

#include <string>
#include <vector>

#include "verify/plan.hpp"

namespace danelaw::verify {

/// `names`, one of which is enough, in the place of the hosts that `param` has. False where there is no memory, or no name.
[[nodiscard]] bool set_hosts(X509_VERIFY_PARAM* param, const std::vector<std::string>& names);

/// Has `param` compare the certificate with the plan's reference identifiers, one of which is enough. False where there
/// is no memory, or nothing to compare with.
[[nodiscard]] bool set_reference_identifiers(X509_VERIFY_PARAM* param, const Plan& plan);

}  // namespace danelaw::verify
