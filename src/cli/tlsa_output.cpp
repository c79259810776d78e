#include "tlsa_output.hpp"

#include <fmt/format.h>

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

std::string zone_line(const TlsaService& service, std::uint32_t ttl, const TlsaRecord& record) {
  return fmt::format("{}. {} IN TLSA {}", service.owner(), ttl, to_text(record));
}

std::string lines_of(const std::vector<TlsaService>& services, std::uint32_t ttl,
                     const std::vector<TlsaRecord>& records, const RecordStyle& style) {
  const auto& [format, update] = style;
  std::string text;
  if (services.empty())
    for (const TlsaRecord& record : records) text += alone(record, format) + "\n";
  if (update.server) text += fmt::format("server {}\n", *update.server);
  if (update.zone) text += fmt::format("zone {}.\n", *update.zone);
  for (const TlsaService& service : services) {
    if (update.replace) text += fmt::format("update delete {}. IN TLSA\n", service.owner());
    for (const TlsaRecord& record : records) text += line_of(service, ttl, record, format) + "\n";
    if (format == RecordFormat::Nsupdate) text += "send\n";  // owners of two zones do not go into one message
  }
  return text;
}

std::string to_text(const RecordReport& report, const RecordStyle& style) {
  std::string text;
  std::vector<TlsaRecord> records;
  for (const MadeRecord& made : report.records) {
    // Records that stand alone are what verify-chain --tlsa and check --records read, and nothing else.
    if (!report.services.empty()) text += fmt::format("; {}\n", origin_of(made));
    records.push_back(made.record);
  }
  return text + lines_of(report.services, report.ttl, records, style);
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
