#include "stapling_advice.hpp"

#include <fmt/format.h>

#include "handles.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

AnswerReport ask(const std::string& name, const char* type, const DnsOptions& dns) {
  const Settings settings = make_settings();
  set_dns(*settings, with_records(dns));
  danelaw_resolver* made = nullptr;
  if (danelaw_resolver_new(settings.get(), &made, nullptr) != DANELAW_OK) return {};
  const Resolver resolver(made);
  danelaw_answer* given = nullptr;
  if (danelaw_query(resolver.get(), name.c_str(), type, &given, nullptr) != DANELAW_OK) return {};
  const Answer answer(given);
  return report_of(*answer);
}

/// "" where it is none, or where that cannot be told.
std::string target_of_alias(const std::string& host, const DnsOptions& dns) {
  const AnswerReport addresses = ask(host, "A", dns);
  if (!addresses.owner.empty()) return addresses.owner == host ? "" : addresses.owner;
  // What is behind the alias is not signed, or fails: the alias may be.
  const AnswerReport alias = ask(host, "CNAME", dns);
  if (alias.status != DANELAW_STATUS_SECURE || alias.records.empty()) return "";
  std::string target = alias.records.front();
  if (target.ends_with('.')) target.pop_back();
  return target;
}

}  // namespace

std::vector<std::string> stapling_advice(const AnswerReport& report, const Target& target,
                                         const DnsOptions& dns) {
  const std::string at_port = fmt::format("_{}._tcp.", target.port);
  const std::string name = at_port + target.host;
  std::vector<std::string> lines;
  if (report.status == DANELAW_STATUS_SECURE_ABSENT)
    lines.push_back(fmt::format(
        "warning: this proves that {} has no TLSA records: to a client that is no DANE, so its other checks "
        "decide, a promise of chains ends (RFC 9102 section 7), and where it demands DANE it refuses",
        name));
  const std::string alias_target = target_of_alias(target.host, dns);
  if (!alias_target.empty() && report.owner != at_port + alias_target)
    lines.push_back(
        fmt::format("warning: {} is an alias of {}: a chain is for {} alone (RFC 9102 section 3), but "
                    "clients that ask DNS look at "
                    "{} first (RFC 7671 section 7); a CNAME to there at {} makes both the same",
                    target.host, alias_target, name, at_port + alias_target, name));
  if (report.status == DANELAW_STATUS_SECURE && report.owner != name)
    lines.push_back(fmt::format(
        "note: the records stand at {}, where {} leads: clients go along, and still send {} as SNI and look "
        "for it in the certificate",
        report.owner, name, target.host));
  return lines;
}

}  // namespace danelaw::cli
