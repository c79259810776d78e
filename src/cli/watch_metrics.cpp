#include "watch_metrics.hpp"

#include <fmt/format.h>

namespace danelaw::cli {
namespace {

/// In a label's value the backslash, the quote and the end of a line are escaped.
std::string label(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '"') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

/// A metric with a value for each service for which `value` gives one.
template <class Value>
void add(std::string& text, const Readings& readings, const char* name, const char* help, Value value) {
  text += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
  for (const auto& [service, reading] : readings) {
    const std::string number = value(reading);
    if (!number.empty()) text += fmt::format("{}{{service=\"{}\"}} {}\n", name, label(service), number);
  }
}

std::string known(std::int64_t time) { return time == 0 ? "" : std::to_string(time); }

}  // namespace

Reading reading_of(const Observation& observation, const std::vector<Concern>& concerns) {
  return {observation.when,
          observation.duration,
          observation.verdict,
          severity_of(observation, concerns),
          observation.certificate_until,
          observation.signature_until,
          observation.unmatched.size()};
}

std::string to_metrics(const Readings& readings, std::size_t services) {
  std::string text = fmt::format(
      "# HELP danelaw_watch_services Services on the list.\n# TYPE danelaw_watch_services gauge\n"
      "danelaw_watch_services {}\n",
      services);
  text +=
      "# HELP danelaw_service_verdict 1 for the verdict that the service has.\n# TYPE "
      "danelaw_service_verdict gauge\n";
  for (const auto& [service, reading] : readings)
    for (const danelaw_decision one :
         {DANELAW_AUTHENTICATED, DANELAW_REJECTED, DANELAW_NOT_APPLICABLE, DANELAW_UNDECIDED})
      text += fmt::format("danelaw_service_verdict{{service=\"{}\",verdict=\"{}\"}} {}\n", label(service),
                          danelaw_decision_name(one), reading.verdict == one ? 1 : 0);
  add(text, readings, "danelaw_service_severity", "0 ok, 1 warning, 2 critical, 3 unknown.",
      [](const Reading& reading) { return std::to_string(static_cast<int>(reading.severity)); });
  add(text, readings, "danelaw_service_last_check_timestamp_seconds", "When the service was last looked at.",
      [](const Reading& reading) { return std::to_string(reading.when); });
  add(text, readings, "danelaw_service_check_duration_seconds", "How long that took.",
      [](const Reading& reading) {
        return fmt::format("{}.{:03}", reading.duration / 1000, reading.duration % 1000);
      });
  add(text, readings, "danelaw_service_certificate_expiry_timestamp_seconds",
      "When the first of the certificates ends that clients look at.",
      [](const Reading& reading) { return known(reading.certificate_until); });
  add(text, readings, "danelaw_service_signature_expiry_timestamp_seconds",
      "When the first of the signatures over the records ends.",
      [](const Reading& reading) { return known(reading.signature_until); });
  add(text, readings, "danelaw_service_unmatched_records", "Usable TLSA records that no certificate matches.",
      [](const Reading& reading) {
        // Of a service that was refused it is not looked for which of its records another server would match.
        const bool is_known =
            reading.verdict == DANELAW_AUTHENTICATED || reading.verdict == DANELAW_NOT_APPLICABLE;
        return is_known ? std::to_string(reading.unmatched) : "";
      });
  return text;
}

}  // namespace danelaw::cli
