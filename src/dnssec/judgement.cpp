#include "dnssec/judgement.hpp"

namespace danelaw::dnssec {

std::string_view to_string(BogusReason reason) {
  switch (reason) {
    case BogusReason::NotJudged:
      return "not-judged";
    case BogusReason::NoTrustAnchor:
      return "no-trust-anchor";
    case BogusReason::TrustAnchorUnusable:
      return "trust-anchor-unusable";
    case BogusReason::SignatureMissing:
      return "signature-missing";
    case BogusReason::WrongSigner:
      return "wrong-signer";
    case BogusReason::SignatureNotYetValid:
      return "signature-not-yet-valid";
    case BogusReason::SignatureExpired:
      return "signature-expired";
    case BogusReason::SignatureMalformed:
      return "signature-malformed";
    case BogusReason::NoKeyForSignature:
      return "no-key-for-signature";
    case BogusReason::UnsupportedAlgorithm:
      return "unsupported-algorithm";
    case BogusReason::SignatureInvalid:
      return "signature-invalid";
    case BogusReason::MalformedRecord:
      return "malformed-record";
    case BogusReason::KeyNotLinked:
      return "key-not-linked";
    case BogusReason::WildcardUnproven:
      return "wildcard-unproven";
    case BogusReason::AliasTooLong:
      return "alias-too-long";
    case BogusReason::AliasMalformed:
      return "alias-malformed";
    case BogusReason::TooManyRecords:
      return "too-many-records";
    case BogusReason::TooManyDenialRecords:
      return "too-many-denial-records";
    case BogusReason::TooManyKeys:
      return "too-many-keys";
    case BogusReason::TooManyDsRecords:
      return "too-many-ds-records";
    case BogusReason::TooManyKeysPerTag:
      return "too-many-keys-per-tag";
    case BogusReason::TooMuchSignatureWork:
      return "too-much-signature-work";
    case BogusReason::TooManyFailedChecks:
      return "too-many-failed-checks";
    case BogusReason::TooManyZones:
      return "too-many-zones";
    case BogusReason::TooManyAliases:
      return "too-many-aliases";
    case BogusReason::TooManyNames:
      return "too-many-names";
    case BogusReason::TooManyNsec3Hashes:
      return "too-many-nsec3-hashes";
  }
  return "unknown";
}

std::string_view to_string(DenialKind kind) {
  return kind == DenialKind::NameError ? "name-error" : "no-data";
}

std::string_view to_string(InsecureReason reason) {
  switch (reason) {
    case InsecureReason::NoAnchorAbove:
      return "no-anchor-above";
    case InsecureReason::UnsignedDelegation:
      return "unsigned-delegation";
    case InsecureReason::OptOut:
      return "opt-out";
    case InsecureReason::UnsupportedAlgorithms:
      return "unsupported-algorithms";
    case InsecureReason::Nsec3Iterations:
      return "nsec3-iterations";
  }
  return "unknown";
}

bool stands_alone(const Verdict& verdict) {
  const auto* const insecure = std::get_if<Insecure>(&verdict);
  return insecure == nullptr || insecure->reason != InsecureReason::Nsec3Iterations;
}

}  // namespace danelaw::dnssec
