// The answer to a request: what DANE and MTA-STS say together, as a level of Postfix (postconf(5), smtp_tls_policy_maps).
//
// Each line of the table satisfies both. DANE takes precedence (RFC 8461 section 2): no policy of MTA-STS makes a host
// acceptable that DANE refuses, and a failed lookup stays a failure beside it.
//
// | DANE           | no policy in force | MTA-STS: enforce |
// |----------------|--------------------|------------------|
// | Defer          | TEMP or TIMEOUT    | the same         |
// | Authenticate   | dane-only          | dane-only        |
// | Mixed          | dane               | dane-only        |
// | Encrypt        | encrypt            | secure           |
// | PartlyEncrypt  | dane               | secure           |
// | Unsigned       | dane               | secure           |
// | Nothing        | NOTFOUND           | secure           |
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dane.hpp"
#include "socketmap.hpp"

namespace danelaw::policyd {

/// True where the answer depends on what MTA-STS says, so that it has to be asked for.
[[nodiscard]] bool needs_sts(DaneSays says);

/// `enforced` are the patterns of a policy in mode enforce (RFC 8461 section 3.2); nothing where none is in force.
[[nodiscard]] Reply reply_of(const DaneOpinion& opinion,
                             const std::optional<std::vector<std::string>>& enforced);

}  // namespace danelaw::policyd
