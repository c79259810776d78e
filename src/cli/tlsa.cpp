// `danelaw tlsa FILE…` and `danelaw tlsa --from HOST`: the TLSA records that name what a server shows.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "commands.hpp"
#include "terminal.hpp"
#include "tlsa_input.hpp"
#include "tlsa_output.hpp"

namespace danelaw::cli {
namespace {

constexpr std::uint32_t default_ttl = 3600;

std::vector<Credential> read(const std::vector<std::string>& files) {
  if (files.empty())
    throw usage("FILE or --from is required: what the records are made of; see danelaw tlsa --help");
  if (std::count(files.begin(), files.end(), "-") > 1) throw usage("-: standard input can be read once");
  std::vector<Credential> credentials;
  for (const std::string& file : files) credentials.push_back(read_credential(file));
  return credentials;
}

std::vector<MadeRecord> make_records(const std::vector<Credential>& credentials,
                                     const std::vector<Parameters>& list) {
  std::vector<MadeRecord> records;
  for (const Parameters& parameters : list) {
    for (const Credential& credential : credentials) {
      TlsaRecord record = make_record(credential, parameters);
      const auto same = std::find_if(records.begin(), records.end(),
                                     [&](const MadeRecord& made) { return made.record == record; });
      if (same == records.end()) {
        records.push_back({std::move(record), {&credential}});
      } else {
        same->sources.push_back(&credential);
      }
    }
  }
  return records;
}

}  // namespace

Exit run_tlsa(const TlsaOptions& options) {
  if (options.rollover) return run_rollover(options);
  const std::optional<Server> server = server_of(options);
  RecordReport report;
  report.services = services_of(options, server);
  const RecordStyle style = style_of(options, report.services);
  report.ttl = ttl_of(options).value_or(default_ttl);
  std::vector<Parameters> parameters = parameters_of(options.records, "--record");
  // RFC 7671 section 5.1: no CA, no dates, and no new record where a new certificate has the same key.
  if (parameters.empty()) parameters.push_back({3, 1, 1});
  Seen seen = server ? ask_server(*server, options) : Seen{read(options.files), {}};
  report.records = make_records(seen.credentials, parameters);
  report.warnings = std::move(seen.warnings);
  const Source source = server ? Source::Server : Source::Files;
  for (Advice& advice : advice_on(report.records, report.services, source))
    report.warnings.push_back(std::move(advice));
  for (const Advice& advice : report.warnings) print_error_line("warning: " + advice.text);
  if (options.json) {
    print_json(to_json(report));
  } else {
    print_out(to_text(report, style));
  }
  return Exit::Good;
}

}  // namespace danelaw::cli
