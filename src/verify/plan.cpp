#include "verify/plan.hpp"

namespace danelaw::verify {
namespace {

struct Strength {
  int operator()(const tlsa::LookupError&) const { return 0; }
  int operator()(const tlsa::Insecure&) const { return 1; }
  int operator()(const tlsa::SecureAbsent&) const { return 2; }
  int operator()(const tlsa::SecureUnusable&) const { return 3; }
  int operator()(const tlsa::SecureUsable&) const { return 4; }
};

int strength_of(const Evidence& evidence) {
  constexpr int settled = 5;
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&evidence);
  return outcome == nullptr ? settled : std::visit(Strength{}, *outcome);
}

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::Off:
      return "off";
    case Mode::Opportunistic:
      return "opportunistic";
    case Mode::Mandatory:
      return "mandatory";
  }
  return "unknown";
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Generic:
      return "generic";
    case Profile::Smtp:
      return "smtp";
    case Profile::Srv:
      return "srv";
  }
  return "unknown";
}

std::optional<Mode> mode_from_text(std::string_view text) {
  for (const Mode mode : {Mode::Off, Mode::Opportunistic, Mode::Mandatory})
    if (text == to_string(mode)) return mode;
  return std::nullopt;
}

std::optional<Profile> profile_from_text(std::string_view text) {
  for (const Profile profile : {Profile::Generic, Profile::Smtp, Profile::Srv})
    if (text == to_string(profile)) return profile;
  return std::nullopt;
}

tlsa::Usages usages_of(Profile profile) {
  // RFC 7672 section 3.1.3: SMTP clients treat PKIX-TA(0) and PKIX-EE(1) as unusable.
  return profile == Profile::Smtp ? tlsa::Usages::DaneOnly : tlsa::Usages::All;
}

bool dane_ee_checks_names(const Policy& policy) {
  switch (policy.dane_ee_names) {
    case DaneEeNames::Check:
      return true;
    case DaneEeNames::Skip:
      return false;
    case DaneEeNames::ByProfile:
      break;
  }
  // RFC 7671 section 5.1 skips names. HTTP clients would then be open to unknown-key-share attacks, so the
  // generic profile compares them all the same: docs/decisions/0007-dane-ee-names.md.
  return policy.profile == Profile::Generic;
}

std::string to_text(const Service& service) {
  const bool ipv6 = service.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? "[" + service.host + "]" : service.host;
  return host + ":" + std::to_string(service.port) + "/" + std::string(tlsa::to_string(service.transport));
}

std::string_view to_string(NotAsked::Why why) {
  switch (why) {
    case NotAsked::Why::ModeOff:
      return "mode-off";
    case NotAsked::Why::AddressLiteral:
      return "ip-literal";
    case NotAsked::Why::PrivateName:
      return "private-name";
    case NotAsked::Why::NoService:
      return "no-service";
    case NotAsked::Why::OwnDane:
      return "own-dane";
  }
  return "unknown";
}

std::string_view explanation_of(NotAsked::Why why) {
  switch (why) {
    case NotAsked::Why::ModeOff:
      return "DANE is switched off";
    case NotAsked::Why::AddressLiteral:
      return "an IP address has no TLSA records";
    case NotAsked::Why::PrivateName:
      return "the name is private: DNS is never asked about it";
    case NotAsked::Why::NoService:
      return "host and port of the service are not known";
    case NotAsked::Why::OwnDane:
      return "the application does its own DANE on this connection";
  }
  return "unknown";
}

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::Nobody:
      return "none";
    case Origin::Application:
      return "application";
    case Origin::Dns:
      return "dns";
    case Origin::Handshake:
      return "handshake";
  }
  return "unknown";
}

const tlsa::LookupError* lookup_error_of(const Plan& plan) {
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence);
  return outcome == nullptr ? nullptr : std::get_if<tlsa::LookupError>(outcome);
}

const tlsa::RecordSet* records_of(const Plan& plan) {
  const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence);
  if (outcome == nullptr) return nullptr;
  if (const auto* usable = std::get_if<tlsa::SecureUsable>(outcome)) return &usable->records;
  if (const auto* unusable = std::get_if<tlsa::SecureUnusable>(outcome)) return &unusable->records;
  return nullptr;
}

bool is_at_least_as_strong(const Plan& earlier, const Plan& later) {
  return strength_of(earlier.evidence) >= strength_of(later.evidence);
}

std::string_view evidence_name(const Plan& plan) {
  if (const auto* outcome = std::get_if<tlsa::TlsaOutcome>(&plan.evidence)) return tlsa::name_of(*outcome);
  return to_string(std::get<NotAsked>(plan.evidence).why);
}

}  // namespace danelaw::verify
