#include "policy.hpp"

namespace danelaw::policyd {
namespace {

/// RFC 8461 section 4.1: "*." stands for one label. Postfix's ".example.com" takes names deeper than that too, so it is
/// never stricter than the policy, and never wider than the domain that wrote it.
std::string secure_level(const std::vector<std::string>& patterns) {
  std::string level = "secure match=";
  for (const std::string& pattern : patterns) {
    if (!level.ends_with('=')) level += ':';
    level += pattern.starts_with("*.") ? pattern.substr(1) : pattern;
  }
  // RFC 8461 section 4.1 wants SNI to be the host's name.
  return level + " servername=hostname";
}

}  // namespace

bool needs_sts(DaneSays says) { return says != DaneSays::Defer && says != DaneSays::Authenticate; }

Reply reply_of(const DaneOpinion& opinion, const std::optional<std::vector<std::string>>& enforced) {
  switch (opinion.says) {
    case DaneSays::Defer:
      return {opinion.code == "timeout" ? Word::Timeout : Word::Temp, opinion.reason};
    case DaneSays::Authenticate:
      return {Word::Ok, "dane-only"};
    case DaneSays::Mixed:
      return {Word::Ok, enforced ? "dane-only" : "dane"};
    case DaneSays::Encrypt:
      return {Word::Ok, enforced ? secure_level(*enforced) : "encrypt"};
    case DaneSays::PartlyEncrypt:
    case DaneSays::Unsigned:
      return {Word::Ok, enforced ? secure_level(*enforced) : "dane"};
    case DaneSays::Nothing:
      return enforced ? Reply{Word::Ok, secure_level(*enforced)} : Reply{Word::NotFound, ""};
  }
  return {Word::Temp, "unknown"};
}

}  // namespace danelaw::policyd
