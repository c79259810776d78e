#include "tlsa_output.hpp"

#include <fmt/format.h>

#include "exit.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

/// What a line says of where the record comes from. printable() leaves no line feed in it.
std::string origin_of(const MadeRecord& made) {
  std::string text = fmt::format("{} {}", to_text(made.record.parameters), acronyms(made.record.parameters));
  for (const Credential* const credential : made.sources) {
    text += fmt::format(", {}: {}", printable(credential->source), to_string(credential->kind));
    const X509* const anchor = made.record.parameters.is_about_ca() ? anchor_of(*credential) : nullptr;
    const std::string subject = anchor == nullptr ? credential->subject : subject_of(*anchor);
    if (!subject.empty()) text += fmt::format(" of {}", subject);
  }
  return text;
}

std::string line_of(const TlsaService& service, std::uint32_t ttl, const TlsaRecord& record,
                    RecordFormat format) {
  switch (format) {
    case RecordFormat::Zone:
      return zone_line(service, ttl, record);
    case RecordFormat::Generic:
      return fmt::format("{}. {} IN TYPE52 {}", service.owner(), ttl, to_generic(record));
    case RecordFormat::Nsupdate:
      return "update add " + zone_line(service, ttl, record);
  }
  return "";
}

std::string alone(const TlsaRecord& record, RecordFormat format) {
  return format == RecordFormat::Generic ? to_generic(record) : to_text(record);
}

Json sources_of(const MadeRecord& made) {
  Json sources = Json::array();
  for (const Credential* const credential : made.sources)
    sources.push_back({{"source", credential->source},
                       {"kind", to_string(credential->kind)},
                       {"subject", credential->subject}});
  return sources;
}

}  // namespace

RecordFormat parse_format(const std::string& word) {
  if (word == "zone") return RecordFormat::Zone;
  if (word == "generic") return RecordFormat::Generic;
  if (word == "nsupdate") return RecordFormat::Nsupdate;
  throw usage(fmt::format("--format: \"{}\" is not zone, generic or nsupdate", printable(word)));
}

std::string zone_line(const TlsaService& service, std::uint32_t ttl, const TlsaRecord& record) {
  return fmt::format("{}. {} IN TLSA {}", service.owner(), ttl, to_text(record));
}

std::string to_text(const RecordReport& report, RecordFormat format, const UpdateOptions& update) {
  std::string text;
  for (const MadeRecord& made : report.records) text += fmt::format("; {}\n", origin_of(made));
  if (report.services.empty()) {
    text.clear();  // what verify-chain --tlsa and check --records read, and nothing else
    for (const MadeRecord& made : report.records) text += alone(made.record, format) + "\n";
    return text;
  }
  if (update.server) text += fmt::format("server {}\n", *update.server);
  if (update.zone) text += fmt::format("zone {}.\n", *update.zone);
  for (const TlsaService& service : report.services) {
    if (update.replace) text += fmt::format("update delete {}. IN TLSA\n", service.owner());
    for (const MadeRecord& made : report.records)
      text += line_of(service, report.ttl, made.record, format) + "\n";
    if (format == RecordFormat::Nsupdate) text += "send\n";  // owners of two zones do not go into one message
  }
  return text;
}

Json to_json(const TlsaRecord& record) {
  return {{"usage", record.parameters.usage},
          {"selector", record.parameters.selector},
          {"matching_type", record.parameters.matching_type},
          {"data", hex_of(record.data)},
          {"text", to_text(record)},
          {"generic", to_generic(record)}};
}

Json to_json(const std::vector<Advice>& warnings) {
  Json array = Json::array();
  for (const Advice& advice : warnings) array.push_back({{"code", advice.code}, {"text", advice.text}});
  return array;
}

Json to_json(const RecordReport& report) {
  Json owners = Json::array();
  for (const TlsaService& service : report.services) owners.push_back(service.owner());
  Json records = Json::array();
  for (const MadeRecord& made : report.records) {
    Json record = to_json(made.record);
    record["sources"] = sources_of(made);
    records.push_back(std::move(record));
  }
  return {
      {"owners", owners}, {"ttl", report.ttl}, {"records", records}, {"warnings", to_json(report.warnings)}};
}

}  // namespace danelaw::cli
