#include "rollover_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "terminal.hpp"

namespace danelaw::cli {
namespace {

std::string record_lines(const std::vector<TlsaService>& services, std::uint32_t ttl,
                         const std::vector<TlsaRecord>& records) {
  std::string text;
  for (const TlsaRecord& record : records)
    if (services.empty()) text += fmt::format("     {}\n", to_text(record));
  for (const TlsaService& service : services)
    for (const TlsaRecord& record : records)
      text += fmt::format("     {}\n", zone_line(service, ttl, record));
  return text;
}

/// "at once", or how long after the step before.
std::string when(const PlanReport& report, std::size_t index) {
  const Step& step = report.steps[index];
  const std::string earliest = time_text(step.earliest);
  if (index == 0) return step.wait == 0 ? "at once" : fmt::format("not before {}", earliest);
  if (step.wait == 0) return fmt::format("once step {} is done everywhere", index);
  return fmt::format("{} s after step {}, not before {}", step.wait, index, earliest);
}

bool is_switch(const Step& step) { return step.kind == StepKind::Switch; }

/// A switch is still to come: the records are a bridge.
bool is_bridge(const PlanReport& report, std::size_t index) {
  return std::any_of(report.steps.begin() + static_cast<std::ptrdiff_t>(index), report.steps.end(),
                     is_switch);
}

std::string headline(const PlanReport& report, std::size_t index) {
  switch (report.steps[index].kind) {
    case StepKind::Publish:
      return is_bridge(report, index) ? "publish records of both, in place of what is there"
                                      : "publish the records that stay, in place of what is there";
    case StepKind::Switch:
      return fmt::format("switch every server to {}", printable(report.next));
    case StepKind::Retire:
      return fmt::format("no cache vouches for {} any more: its key may be destroyed",
                         printable(report.current));
  }
  return "";
}

std::string remark(const PlanReport& report, std::size_t index) {
  const Step& step = report.steps[index];
  const bool has_next = index + 1 < report.steps.size();
  if (report.rollover.published.empty() || !has_next) return "";
  if (is_switch(step)) return "     Until the next step every server can go back at any time.\n";
  std::string text;
  if (report.rollover.propagation == 0) text = "     The wait begins when all name servers have it.\n";
  if (is_bridge(report, index) || !report.signature_lifetime) return text;
  return text + fmt::format(
                    "     Who replays old signed records can make clients accept the old key until {} "
                    "(signatures of {} s).\n",
                    time_text(step.earliest + *report.signature_lifetime), *report.signature_lifetime);
}

Json to_json(const std::vector<TlsaRecord>& records) {
  Json array = Json::array();
  for (const TlsaRecord& record : records) array.push_back(danelaw::cli::to_json(record));
  return array;
}

Json to_json(const std::vector<Parameters>& list) {
  Json array = Json::array();
  for (const Parameters& parameters : list) array.push_back(to_text(parameters));
  return array;
}

Json owners_of(const std::vector<TlsaService>& services) {
  Json owners = Json::array();
  for (const TlsaService& service : services) owners.push_back(service.owner());
  return owners;
}

Colour colour_of(Exit exit) {
  if (exit == Exit::Good) return Colour::Green;
  return exit == Exit::Refused ? Colour::Red : Colour::Yellow;
}

std::string explanation(const MomentReport& report) {
  const Judgement& judgement = report.judgement;
  const std::string wait = fmt::format("{} s", report.moment.wait);
  switch (judgement.stage) {
    case Stage::NoDane:
      return "no record is published that clients act on: nothing has to wait; switch, then publish";
    case Stage::Refused:
      return "no record matches what the server shows: clients refuse it now; publish records of it at once";
    case Stage::PublishFirst:
      return fmt::format("not yet: publish the records below beside those that are there, then wait {}",
                         wait);
    case Stage::Wait:
      return fmt::format("not yet: caches may hold what was there before, until {}",
                         time_text(judgement.safe_at));
    case Stage::Unknown:
      return fmt::format(
          "nobody said since when the records are there (--published): safe at {} if they came just now",
          time_text(judgement.safe_at));
    case Stage::Switch:
      return "now is a safe moment to switch";
    case Stage::Remove:
      return "the server shows the next chain: publish the records that stay, and no others";
    case Stage::Done:
      return "the server shows the next chain, and only its records are published";
  }
  return "";
}

std::string role_of(const TlsaRecord& record, const Moment& moment) {
  const bool is_shown = std::any_of(moment.shown.begin(), moment.shown.end(),
                                    [&](const Associations& chain) { return matches(chain, record); });
  const bool is_next = matches(moment.next, record);
  if (is_shown && is_next) return "matches what is shown and what is next";
  if (is_shown) return "matches what is shown";
  return is_next ? "matches what is next" : "matches neither";
}

}  // namespace

std::string to_text(const PlanReport& report) {
  const Rollover& rollover = report.rollover;
  std::string text = fmt::format("From {} to {}\n", printable(report.current), printable(report.next));
  text += fmt::format("  records  {}, then {}\n",
                      rollover.published.empty() ? "none" : to_text(kinds_of(rollover.published)),
                      to_text(rollover.wanted));
  text += fmt::format("  waits    {} s: two TTLs of {} s", wait_for_caches(rollover), rollover.longest_ttl);
  if (rollover.propagation != 0) text += fmt::format(", and {} s for all name servers", rollover.propagation);
  text += " (RFC 7671 section 8)\n";
  if (report.steps.empty()) text += "\nNothing is to be done.\n";
  for (std::size_t i = 0; i < report.steps.size(); ++i) {
    const Step& step = report.steps[i];
    text += fmt::format("\n{:2}. {}: {}\n", i + 1, when(report, i), headline(report, i));
    if (step.kind == StepKind::Publish) text += record_lines(report.services, report.ttl, step.records);
    text += remark(report, i);
  }
  return text;
}

Json to_json(const PlanReport& report) {
  const Rollover& rollover = report.rollover;
  Json steps = Json::array();
  for (const Step& step : report.steps)
    steps.push_back({{"action", to_string(step.kind)},
                     {"wait", step.wait},
                     {"earliest", step.earliest},
                     {"records", to_json(step.records)}});
  Json json = {{"owners", owners_of(report.services)},
               {"current", report.current},
               {"next", report.next},
               {"published", to_json(rollover.published)},
               {"wanted", to_json(rollover.wanted)},
               {"ttl", report.ttl},
               {"longest_ttl", rollover.longest_ttl},
               {"propagation", rollover.propagation},
               {"wait", wait_for_caches(rollover)},
               {"start", rollover.start},
               {"steps", steps},
               {"warnings", danelaw::cli::to_json(report.warnings)}};
  json["signature_lifetime"] = report.signature_lifetime ? Json(*report.signature_lifetime) : Json();
  return json;
}

std::string to_text(const MomentReport& report) {
  const Published& published = report.published;
  std::string text =
      fmt::format("{}: {}: {}\n", report.service.owner(),
                  coloured(colour_of(exit_for(report.judgement.stage)), to_string(report.judgement.stage)),
                  explanation(report));
  text += fmt::format("  dns      {}, ttl {} s", outcome_word(published.answer.status), published.ttl);
  if (published.signed_until != 0)
    text += fmt::format(", signed until {}", time_text(published.signed_until));
  text += "\n";
  for (const TlsaRecord& record : published.records)
    text +=
        fmt::format("    {}\n      {}\n", shortened_record(to_text(record)), role_of(record, report.moment));
  for (const TlsaRecord& record : published.unusable)
    text += fmt::format("    {}\n      no client acts on it\n", shortened_record(to_text(record)));
  for (const ShownLine& line : report.shown) {
    text += fmt::format("  server   {}: {}", printable(line.source),
                        line.is_next ? "the next chain" : "another chain");
    if (!line.unmatched.empty()) text += fmt::format(", which no record {} matches", to_text(line.unmatched));
    text += "\n";
  }
  for (const TlsaRecord& record : report.judgement.missing)
    text += record.data.empty() ? fmt::format("  replace  {}: the next chain has nothing of this kind\n",
                                              to_text(record.parameters))
                                : fmt::format("  add      {}\n", to_text(record));
  for (const TlsaRecord& record : report.judgement.stale)
    text += fmt::format("  remove   {}\n", shortened_record(to_text(record)));
  text += "  rests on one validated answer; other name servers and caches were not asked";
  if (report.moment.published_since)
    text += fmt::format(", and that the records are there since {} is your word",
                        time_text(*report.moment.published_since));
  text += "\n";
  return report.beside ? text + to_text(*report.beside) : text;
}

Json to_json(const MomentReport& report) {
  Json shown = Json::array();
  for (const ShownLine& line : report.shown)
    shown.push_back(
        {{"source", line.source}, {"next", line.is_next}, {"unmatched", to_json(line.unmatched)}});
  Json missing = Json::array();
  for (const TlsaRecord& record : report.judgement.missing)
    missing.push_back(record.data.empty() ? to_text(record.parameters) : to_text(record));
  const Published& published = report.published;
  Json json = {{"owner", report.service.owner()},
               {"stage", to_string(report.judgement.stage)},
               {"safe", exit_for(report.judgement.stage) == Exit::Good},
               {"reason", explanation(report)},
               {"outcome", outcome_word(published.answer.status)},
               {"published", to_json(published.records)},
               {"unusable", to_json(published.unusable)},
               {"ttl", published.ttl},
               {"signed_until", published.signed_until},
               {"wait", report.moment.wait},
               {"shown", shown},
               {"missing", missing},
               {"stale", to_json(report.judgement.stale)},
               {"warnings", danelaw::cli::to_json(report.warnings)}};
  json["safe_at"] = report.judgement.safe_at == 0 ? Json() : Json(report.judgement.safe_at);
  if (report.beside) json["beside"] = to_json(*report.beside);
  return json;
}

}  // namespace danelaw::cli
