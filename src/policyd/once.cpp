#include "once.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "event_loop.hpp"
#include "log.hpp"
#include "output.hpp"
#include "sources.hpp"

namespace danelaw::policyd {
namespace {

using Json = nlohmann::ordered_json;

Finding search_for(const std::string& domain, const Configuration& configuration) {
  const Key key = key_of(domain);
  if (key.next_hop.empty()) {
    Finding none;
    none.reply = {Word::NotFound, ""};
    none.opinion = {DaneSays::Nothing, "", "neither parent domains nor local sockets have a policy"};
    return none;
  }
  EventLoop loop;
  std::optional<Finding> found;
  Search search(loop, make_sources(loop, configuration), key, [&](Finding finding) {
    found = std::move(finding);
    loop.stop();
  });
  search.start();
  loop.run();
  return *std::move(found);
}

std::string shown(const Reply& reply) {
  return reply.text.empty() ? std::string(to_string(reply.word))
                            : fmt::format("{} {}", to_string(reply.word), reply.text);
}

std::string sts_line(const StsFinding& sts) {
  std::string line = "  MTA-STS: ";
  if (sts.policy)
    line += fmt::format("{}: mx {}\n", to_string(sts.policy->mode), fmt::join(sts.policy->mx, ", "));
  else
    line += "no policy\n";
  if (!sts.reason.empty()) line += fmt::format("    {}\n", printable(sts.reason));
  return line;
}

std::string to_text(const std::string& domain, const Finding& finding) {
  std::string text = fmt::format("{}  {}\n", printable(domain), printable(shown(finding.reply)));
  if (!finding.opinion.reason.empty())
    text +=
        fmt::format("  DANE: {}: {}\n", to_string(finding.opinion.says), printable(finding.opinion.reason));
  const RouteFacts& route = finding.route;
  if (!route.hosts.empty()) text += fmt::format("  hosts ({}):\n", danelaw_standing_name(route.standing));
  for (const HostNeed& host : route.hosts)
    text += fmt::format("    {}  {}  {}: {}\n", printable(host.host),
                        danelaw_requirement_name(host.requirement), host.code, printable(host.reason));
  if (finding.sts) text += sts_line(*finding.sts);
  return text;
}

Json to_json(const std::optional<StsFinding>& sts) {
  if (!sts) return nullptr;
  Json made{{"policy", nullptr}, {"fault", to_string(sts->fault)}, {"reason", sts->reason}};
  if (sts->policy)
    made["policy"] = {{"mode", to_string(sts->policy->mode)},
                      {"mx", sts->policy->mx},
                      {"max_age", sts->policy->max_age.count()}};
  return made;
}

Json to_json(const std::string& domain, const Finding& finding) {
  Json hosts = Json::array();
  for (const HostNeed& host : finding.route.hosts)
    hosts.push_back({{"host", host.host},
                     {"requirement", danelaw_requirement_name(host.requirement)},
                     {"code", host.code},
                     {"reason", host.reason},
                     {"speaks_for_domain", host.speaks_for_domain}});
  return {{"domain", domain},
          {"reply", to_string(finding.reply.word)},
          {"policy", finding.reply.word == Word::Ok ? finding.reply.text : ""},
          {"reason", finding.reply.word == Word::Ok ? "" : finding.reply.text},
          {"expires", finding.expires},
          {"dane",
           {{"says", to_string(finding.opinion.says)},
            {"code", finding.opinion.code},
            {"reason", finding.opinion.reason}}},
          {"mta_sts", to_json(finding.sts)},
          {"state", danelaw_route_state_name(finding.route.state)},
          {"code", finding.route.code},
          {"mx", danelaw_standing_name(finding.route.standing)},
          {"hosts", hosts}};
}

Exit exit_for(Word word) {
  switch (word) {
    case Word::Ok:
      return Exit::Good;
    case Word::NotFound:
      return Exit::NoPolicy;
    case Word::Temp:
    case Word::Timeout:
      return Exit::Undecided;
    case Word::Perm:
      return Exit::Usage;
  }
  return Exit::Undecided;
}

}  // namespace

Exit run_once(const Options& options, const Configuration& configuration) {
  const Finding finding = search_for(*options.once, configuration);
  if (finding.reply.word == Word::Perm) throw Failure(Exit::Usage, finding.reply.text);
  const std::string text =
      options.json
          ? to_json(*options.once, finding).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
          : to_text(*options.once, finding);
  print_out(text);
  return exit_for(finding.reply.word);
}

}  // namespace danelaw::policyd
