// The plan: all that a handshake needs to know, with no DNS in it. Outcome, reference identifiers, mode,
// profile.
//
// What each outcome leads to is the table in action.hpp. A plan is immutable once it is used and may be shared by
// threads; whoever has it alone again may change its names and its expiry (capi/plan).
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/memo.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "tlsa/outcome.hpp"
#include "tlsa/owner.hpp"
#include "verify/kept_ssl.hpp"

namespace danelaw::verify {

/// What an outcome is allowed to lead to.
enum class Mode {
  Off,            ///< no lookup, the application's own verification only
  Opportunistic,  ///< DANE where the domain publishes it; a lookup error is a failure all the same
  Mandatory,      ///< DANE or failure
};

/// What an unusable or absent RRset means, which usages count, whether DANE-EE checks names.
enum class Profile {
  Generic,  ///< RFC 6698, RFC 7671
  Smtp,     ///< RFC 7672
  Srv,      ///< RFC 7673
};

/// Whether names are compared where DANE-EE(3) matched. RFC 7671 section 5.1 says they are not; the generic
/// profile does it all the same unless told otherwise (docs/RFCS.md, decision 0007).
enum class DaneEeNames { ByProfile, Check, Skip };

/// Whether a failed lookup may be taken for absence. The second one opens a hole that its name tells.
enum class LookupErrors { Fail, InsecureIgnore };

/// What may be set from outside and decides with the outcome.
struct Policy {
  Mode mode = Mode::Opportunistic;
  Profile profile = Profile::Generic;
  DaneEeNames dane_ee_names = DaneEeNames::ByProfile;
  LookupErrors lookup_errors = LookupErrors::Fail;
  friend bool operator==(const Policy&, const Policy&) = default;
};

[[nodiscard]] std::string_view to_string(Mode mode);        ///< "off", "opportunistic", "mandatory"
[[nodiscard]] std::string_view to_string(Profile profile);  ///< "generic", "smtp", "srv"
[[nodiscard]] std::optional<Mode> mode_from_text(std::string_view text);
[[nodiscard]] std::optional<Profile> profile_from_text(std::string_view text);

/// Which certificate usages count under the profile.
[[nodiscard]] tlsa::Usages usages_of(Profile profile);
/// Whether a DANE-EE match needs a matching name under the policy.
[[nodiscard]] bool dane_ee_checks_names(const Policy& policy);

/// What the application asked for. `host` is an A-label host name in lower case without a trailing dot, or an
/// IP address literal.
struct Service {
  std::string host;
  std::uint16_t port = 0;
  tlsa::Transport transport = tlsa::Transport::Tcp;
  friend bool operator==(const Service&, const Service&) = default;
};
[[nodiscard]] std::string to_text(const Service& service);  ///< "www.example.com:443/tcp"

/// No question was put to DNS, and none would have an answer.
struct NotAsked {
  enum class Why {
    ModeOff,
    AddressLiteral,  ///< an IP address has no TLSA
    PrivateName,     ///< localhost, local., onion., and names that a setting excludes
    NoService,       ///< host or port are not known
    OwnDane,         ///< the application does its own DANE on this connection
  };
  Why why = Why::NoService;
};
[[nodiscard]] std::string_view to_string(NotAsked::Why why);  ///< stable word: "mode-off", "ip-literal" …
[[nodiscard]] std::string_view explanation_of(NotAsked::Why why);

using Evidence = std::variant<tlsa::TlsaOutcome, NotAsked>;

/// Who brought the evidence.
enum class Origin {
  Nobody,       ///< nothing was asked, or nothing came
  Application,  ///< records or an outcome that it handed over
  Dns,
  Handshake,  ///< the server's own proof, validated (RFC 9102)
};
[[nodiscard]] std::string_view to_string(Origin origin);  ///< "none", "application", "dns", "handshake"

struct Plan {
  Service service;
  Policy policy;
  Evidence evidence;  ///< default-constructed: a lookup error
  Origin origin = Origin::Nobody;

  /// The name that SNI carries and that reference identifiers start with: the TLSA base domain where one was
  /// found, else the service's host. Empty for an address literal (RFC 6066 section 3).
  std::string base_domain;

  /// Names of which the certificate must carry one, best first (RFC 7671 section 7, RFC 7672 section 3.2.2).
  std::vector<std::string> reference_identifiers;

  /// The plan must not be used or tagged onto a session from this time on: TTL and signature lifetime, the
  /// smaller.
  EpochSeconds expires = std::numeric_limits<EpochSeconds>::max();

  /// What nobody has to find out twice of a plan that decides about many connections. Who changes a plan that was used makes
  /// sure that what is kept still holds; a copy begins with nothing.
  struct Kept {
    KeptSsl ssl;           ///< the DANE engine's, between two verifications; by records and policy
    Memo<Buffer> binding;  ///< what ties sessions to the plan: by all that decides, names included
    Memo<Result<std::string>> server_name;  ///< as SNI carries it; by the service
  };
  Kept kept;
};
using SharedPlan = std::shared_ptr<const Plan>;

/// Why the lookup failed; null where it did not.
[[nodiscard]] const tlsa::LookupError* lookup_error_of(const Plan& plan);
/// The records of the plan's RRset; nothing where the evidence carries none.
[[nodiscard]] const tlsa::RecordSet* records_of(const Plan& plan);
/// True where what `later` says must not take the place of what `earlier` says: a later answer counts only where it is
/// stronger. From the weakest on: error, insecure, absent, unusable, usable; where nothing was asked nothing is stronger.
[[nodiscard]] bool is_at_least_as_strong(const Plan& earlier, const Plan& later);
/// "secure-usable" …, or NotAsked's word.
[[nodiscard]] std::string_view evidence_name(const Plan& plan);

}  // namespace danelaw::verify
