#include "watch_output.hpp"

#include <fmt/format.h>

#include "answer_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

std::string word_of(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return coloured(Colour::Green, "ok");
    case Severity::Warning:
      return coloured(Colour::Yellow, "warning");
    case Severity::Critical:
      return coloured(Colour::Red, "critical");
    case Severity::Unknown:
      return coloured(Colour::Red, "unknown");
  }
  return "unknown";
}

std::string line_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json time_or_null(std::int64_t time) { return time == 0 ? Json() : Json(time_text(time)); }

}  // namespace

std::string events_as_text(const WatchReport& report) {
  std::string text;
  for (const Event& event : report.events)
    text += fmt::format("{}  {}  {}  {}\n", time_text(report.observation.when), printable(report.service),
                        word_of(event.severity), printable(event.text));
  return text;
}

std::string events_as_json(const WatchReport& report) {
  std::string text;
  for (const Event& event : report.events)
    text += line_of({{"time", time_text(report.observation.when)},
                     {"service", report.service},
                     {"event", event.code},
                     {"severity", severity_word(event.severity)},
                     {"verdict", danelaw_decision_name(report.observation.verdict)},
                     {"outcome", report.observation.outcome},
                     {"reason", report.observation.reason},
                     {"since", time_text(report.standing.since)},
                     {"text", event.text}});
  return text;
}

std::string report_as_text(const WatchReport& report) {
  const Observation& now = report.observation;
  std::string text = fmt::format(
      "{}  {}  {} ({}, {}): {}\n", printable(report.service), word_of(severity_of(now, report.concerns)),
      danelaw_decision_name(now.verdict), now.outcome, now.reason, printable(now.text));
  for (const Concern& concern : report.concerns)
    text += fmt::format("  {}: {}\n", word_of(concern.severity), printable(concern.text));
  return text;
}

std::string report_as_json(const WatchReport& report) {
  const Observation& now = report.observation;
  Json concerns = Json::array();
  for (const Concern& concern : report.concerns)
    concerns.push_back(
        {{"code", concern.code}, {"severity", severity_word(concern.severity)}, {"text", concern.text}});
  Json events = Json::array();
  for (const Event& event : report.events) events.push_back(event.code);
  return line_of({{"time", time_text(now.when)},
                  {"service", report.service},
                  {"severity", severity_word(severity_of(now, report.concerns))},
                  {"verdict", danelaw_decision_name(now.verdict)},
                  {"outcome", now.outcome},
                  {"reason", now.reason},
                  {"text", now.text},
                  {"since", time_text(report.standing.since)},
                  {"certificate_until", time_or_null(now.certificate_until)},
                  {"signatures_until", time_or_null(now.signature_until)},
                  {"concerns", concerns},
                  {"events", events},
                  {"duration_ms", now.duration}});
}

}  // namespace danelaw::cli
