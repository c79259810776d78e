#include "watch_state.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "exit.hpp"
#include "files.hpp"
#include "records_report.hpp"

namespace danelaw::cli {
namespace {

constexpr const char* format_name = "danelaw-watch-state-1";
constexpr std::size_t longest_state = 256'000'000;  // octets; 100'000 services with their records

danelaw_decision decision_of(const std::string& word) {
  for (const danelaw_decision decision :
       {DANELAW_UNDECIDED, DANELAW_AUTHENTICATED, DANELAW_REJECTED, DANELAW_NOT_APPLICABLE})
    if (word == danelaw_decision_name(decision)) return decision;
  throw usage(fmt::format("\"{}\" is no verdict", word));
}

Standing standing_of(const Json& object) {
  const Json& since = object.at("since");
  if (!since.is_number_integer()) throw usage("\"since\" is no number of seconds");
  return {decision_of(object.at("verdict").get<std::string>()), object.at("outcome").get<std::string>(),
          object.at("reason").get<std::string>(), since.get<std::int64_t>(),
          object.at("concerns").get<std::vector<std::string>>()};
}

}  // namespace

std::string to_state_text(const Standings& standings) {
  Json services = Json::object();
  for (const auto& [name, standing] : standings)
    services[name] = {{"verdict", danelaw_decision_name(standing.verdict)},
                      {"outcome", standing.outcome},
                      {"reason", standing.reason},
                      {"since", standing.since},
                      {"concerns", standing.concerns}};
  const Json state = {{"format", format_name}, {"services", services}};
  return state.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Standings parse_state(const std::string& text, const std::string& path) {
  Standings standings;
  try {
    const nlohmann::json state = nlohmann::json::parse(text);
    if (state.at("format") != format_name) throw usage("another format");
    for (const auto& [name, object] : state.at("services").items())
      standings.emplace(name, standing_of(object));
  } catch (const std::exception&) {
    throw usage(
        fmt::format("--state: {}: not written by danelaw watch; remove it, or name another file", path));
  }
  return standings;
}

Standings read_state(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  return parse_state(read_file(path, longest_state, "a state file of danelaw watch"), path);
}

}  // namespace danelaw::cli
