#include "doctor_dns.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "handles.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

constexpr const char* resolv_conf = "/etc/resolv.conf";
constexpr std::size_t most_of_system = 3;  // resolv.conf(5)

const char* text_of(const danelaw_settings& settings, const char* key) {
  return danelaw_settings_get(&settings, key);
}

/// As resolv.conf(5) names them; what is no resolver is left out, as the library does.
std::vector<std::string> resolvers_of_system() {
  std::vector<std::string> found;
  std::ifstream file(resolv_conf);
  std::string line;
  while (found.size() < most_of_system && std::getline(file, line)) {
    std::istringstream words(line);
    std::string keyword;
    std::string address;
    words >> keyword >> address;
    const Settings trial = make_settings();
    const bool counts =
        keyword == "nameserver" && address.find_first_of("@/,") == std::string::npos && !address.empty() &&
        danelaw_settings_set(trial.get(), "resolvers", address.c_str(), nullptr) == DANELAW_OK;
    if (counts) found.push_back(address);
  }
  return found;
}

std::vector<std::string> resolvers_in_use(const danelaw_settings& settings) {
  std::vector<std::string> found;
  std::istringstream list(text_of(settings, "resolvers"));
  for (std::string one; std::getline(list, one, ',');) {
    const std::size_t begin = one.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    found.push_back(one.substr(begin, one.find_last_not_of(' ') - begin + 1));
  }
  return found.empty() ? resolvers_of_system() : found;
}

/// The same settings, and this resolver alone.
Settings with_only(const danelaw_settings& settings, const std::string& resolver) {
  Settings made = make_settings();
  for (const char* const key : {"engine", "trust_anchors", "deadline"})
    danelaw_settings_set(made.get(), key, text_of(settings, key), nullptr);
  const bool has_name = resolver.starts_with("tls://") && resolver.find("/pin-sha256=") == std::string::npos;
  if (has_name)
    danelaw_settings_set(made.get(), "resolver_ca_file", text_of(settings, "resolver_ca_file"), nullptr);
  danelaw_settings_set(made.get(), "resolvers", resolver.c_str(), nullptr);
  return made;
}

std::string_view cure_for(std::string_view fault, bool over_tls) {
  if (fault == "unreachable" && over_tls)
    return "the address, the port and the name or pin must be the resolver's own, its certificate valid, and "
           "its authority in the system's trust store or in resolver_ca_file";
  if (fault == "unreachable") return "name a resolver: --resolver, or resolvers in danelaw.conf(5)";
  if (fault == "timeout")
    return over_tls ? "is TCP to that port let through, and does a resolver answer there over TLS?"
                    : "is UDP and TCP to port 53 let through, and is that a resolver?";
  if (fault == "indeterminate" || fault == "bogus")
    return "take another resolver, one that passes DNSSEC records, and see that the clock and the trust "
           "anchors are "
           "right";
  if (fault == "no-trust-anchor") return "see the trust anchors above";
  return "take another resolver";
}

CheckLine judged(const danelaw_settings& settings, const char* name, const char* type,
                 const std::function<CheckLine(const danelaw_answer*)>& line_for) {
  danelaw_resolver* made = nullptr;
  danelaw_problem problem{};
  const int code = danelaw_resolver_new(&settings, &made, &problem);
  const Resolver resolver(made);
  if (!succeeded(code, problem)) return {"", CheckState::Ill, problem.text, ""};
  danelaw_answer* given = nullptr;
  const int asked = danelaw_query(resolver.get(), name, type, &given, &problem);
  const Answer answer(given);
  if (!succeeded(asked, problem)) return {"", CheckState::Ill, problem.text, ""};
  return line_for(given);
}

bool is_proven(const danelaw_answer* answer) {
  const danelaw_status status = danelaw_answer_status(answer);
  return status == DANELAW_STATUS_SECURE || status == DANELAW_STATUS_SECURE_ABSENT;
}

/// The root's keys need every part of the way: a reply, its signatures, and the trust anchors.
CheckLine resolver_line(const danelaw_settings& settings, const std::string& resolver) {
  const bool over_tls = resolver.starts_with("tls://");
  return judged(
      *with_only(settings, resolver), ".", "DNSKEY", [&](const danelaw_answer* answer) -> CheckLine {
        const char* const how = over_tls ? ", authenticated over TLS" : "";
        if (is_proven(answer))
          return {"", CheckState::Well, fmt::format("answers{}, and passes DNSSEC records", how), ""};
        return {"", CheckState::Ill, danelaw_answer_reason(answer),
                std::string(cure_for(danelaw_answer_fault(answer), over_tls))};
      });
}

CheckLine question_line(const danelaw_settings& settings, const char* name, const char* type,
                        bool recursing) {
  return judged(settings, name, type, [&](const danelaw_answer* answer) -> CheckLine {
    if (is_proven(answer)) return {"", CheckState::Well, danelaw_answer_reason(answer), ""};
    const char* const cure =
        recursing ? "name servers must be reachable on port 53 by UDP and TCP, and the clock and the trust "
                    "anchors right"
                  : "at least one resolver must answer and pass DNSSEC records, and the clock and the trust "
                    "anchors "
                    "be right";
    return {"", CheckState::Ill, danelaw_answer_reason(answer), cure};
  });
}

}  // namespace

void examine_dns(const danelaw_settings& settings, bool offline, const Look& look) {
  const CheckLine not_asked{"", CheckState::Note, "not asked", ""};
  const bool recursing = text_of(settings, "engine") == std::string_view("recursing");
  if (!recursing) {
    for (const std::string& resolver : resolvers_in_use(settings))
      look("resolver " + resolver, [&] { return offline ? not_asked : resolver_line(settings, resolver); });
  }
  constexpr std::pair<const char*, const char*> questions[] = {{".", "DNSKEY"}, {".", "SOA"}, {"org", "DS"}};
  for (const auto& question : questions) {
    const char* const name = question.first;
    const char* const type = question.second;
    look(fmt::format("DNS {} {}", name, type),
         [&] { return offline ? not_asked : question_line(settings, name, type, recursing); });
  }
}

}  // namespace danelaw::cli
