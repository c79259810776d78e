#include "tlsa/outcome.hpp"

#include <utility>

namespace danelaw::tlsa {

namespace {

struct Name final {
  std::string_view operator()(const LookupError&) const { return "error"; }
  std::string_view operator()(const SecureUsable&) const { return "secure-usable"; }
  std::string_view operator()(const SecureUnusable&) const { return "secure-unusable"; }
  std::string_view operator()(const SecureAbsent&) const { return "secure-absent"; }
  std::string_view operator()(const Insecure&) const { return "insecure"; }
};

}  // namespace

std::string_view to_string(LookupFault fault) {
  switch (fault) {
    case LookupFault::NotDone:
      return "not-done";
    case LookupFault::Bogus:
      return "bogus";
    case LookupFault::Indeterminate:
      return "indeterminate";
    case LookupFault::ServerFailure:
      return "server-failure";
    case LookupFault::OtherRcode:
      return "other-rcode";
    case LookupFault::Unreachable:
      return "unreachable";
    case LookupFault::Timeout:
      return "timeout";
    case LookupFault::Malformed:
      return "malformed";
    case LookupFault::NoTrustAnchor:
      return "no-trust-anchor";
    case LookupFault::Limit:
      return "limit";
    case LookupFault::Contradiction:
      return "contradiction";
    case LookupFault::Cancelled:
      return "cancelled";
    case LookupFault::Source:
      return "source";
    case LookupFault::Internal:
      return "internal";
  }
  return "internal";
}

std::string_view name_of(const TlsaOutcome& outcome) { return std::visit(Name{}, outcome); }

TlsaOutcome outcome_of(RecordSet records) {
  if (records.any_usable()) return SecureUsable{std::move(records)};
  return SecureUnusable{std::move(records)};
}

}  // namespace danelaw::tlsa
