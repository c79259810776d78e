#include "signature_end.hpp"

#include "danelaw/proof.h"
#include "handles.hpp"

namespace danelaw::cli {
namespace {

/// "example.com DNSKEY": owner and type.
struct RrsetName {
  std::string owner;
  std::string type;
};

RrsetName split(const std::string& rrset) {
  const std::size_t space = rrset.rfind(' ');
  if (space == std::string::npos) return {rrset, ""};
  return {rrset.substr(0, space), rrset.substr(space + 1)};
}

std::string without_dot(const std::string& name) {
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool is_at_or_below(const std::string& name, const std::string& zone) {
  return zone.empty() || name == zone || name.ends_with("." + zone);
}

/// The deepest zone whose keys are in the proof.
std::string zone_of(const std::vector<ProofLine>& proof, const std::string& name) {
  std::string zone;
  for (const ProofLine& line : proof) {
    const RrsetName rrset = split(line.rrset);
    const std::string owner = without_dot(rrset.owner);
    if (rrset.type == "DNSKEY" && is_at_or_below(name, owner) && owner.size() > zone.size()) zone = owner;
  }
  return zone;
}

}  // namespace

SignatureEnd end_in_zone(const std::vector<ProofLine>& proof, const std::string& name) {
  const std::string zone = zone_of(proof, without_dot(name));
  SignatureEnd end;
  for (const ProofLine& line : proof) {
    const RrsetName rrset = split(line.rrset);
    const std::string owner = without_dot(rrset.owner);
    const bool is_of_parent = rrset.type == "DS" && owner == zone;  // RFC 4035 section 2.4
    if (is_of_parent || !is_at_or_below(owner, zone)) continue;
    end = earlier(end, {line.signed_until, owner + " " + rrset.type});
  }
  return end;
}

SignatureEnd signature_end(const danelaw_settings& settings, const std::string& name, const char* type) {
  danelaw_problem problem{};
  danelaw_answer* raw = nullptr;
  if (danelaw_query_proof(&settings, name.c_str(), type, &raw, &problem) != DANELAW_OK) return {};
  const Answer answer(raw);
  if (danelaw_answer_status(raw) != DANELAW_STATUS_SECURE) return {};
  const char* const owner = danelaw_answer_owner(raw);
  return end_in_zone(report_of(*raw).proof, *owner == '\0' ? name : owner);
}

SignatureEnd earlier(const SignatureEnd& one, const SignatureEnd& other) {
  if (one.until == 0) return other;
  return other.until == 0 || one.until <= other.until ? one : other;
}

}  // namespace danelaw::cli
