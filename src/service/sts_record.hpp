// The TXT record that announces a policy of MTA-STS (RFC 8461 section 3.1). Pure.
//
// It may be unsigned: it only says that there is a policy, and which; the policy itself is authenticated by HTTPS.
#pragma once

#include <string>
#include <string_view>

#include "dns/answer.hpp"

namespace danelaw::service {

/// Default-constructed it announces nothing.
struct StsRecord {
  std::string id;  ///< of the policy; empty where none is announced
  std::string code =
      "error";         ///< "" where one is; else "absent", "several", "malformed", or the fault of the lookup
  std::string reason;  ///< for people
  EpochSeconds expires = 0;  ///< 0: not to be kept
};

/// `_mta-sts.` in front of the policy domain. Fails where no name can be that long.
[[nodiscard]] Result<DnsName> sts_owner(const DnsName& policy_domain);

[[nodiscard]] StsRecord sts_record(const dns::Answer& answer);

/// The id in "v=STSv1; id=…;"; empty where the text is none such.
[[nodiscard]] std::string sts_id(std::string_view text);

}  // namespace danelaw::service
