// `danelaw validate-proof`: a proof from a file, judged by the code that judges lookups. No question is put to DNS.
#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "answer_report.hpp"
#include "commands.hpp"
#include "danelaw/proof.h"
#include "files.hpp"
#include "handles.hpp"
#include "numbers.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "trace_report.hpp"

namespace danelaw::cli {
namespace {

/// Longer than any proof: what is longer than RFC 9102 allows is malformed, what is longer than this no proof.
constexpr std::size_t most_octets = 1 << 20;

danelaw_proof_options proof_options(const ValidateProofOptions& options) {
  danelaw_proof_options made{};
  made.size = sizeof made;
  made.trust_anchors = options.trust_anchors.c_str();
  made.is_extension_data = options.extension_data ? 1 : 0;
  made.wants_trace = options.trace || options.dot ? 1 : 0;
  if (const auto time = parse_time(options.time)) {
    made.has_time = 1;
    made.time = *time;
  }
  return made;
}

/// "secure", "insecure", or what is at fault.
std::string dnssec_word(const AnswerReport& report) {
  if (report.status == DANELAW_STATUS_ERROR) return report.fault;
  return report.status == DANELAW_STATUS_INSECURE ? "insecure" : "secure";
}

const char* answer_word(danelaw_status status) {
  if (status == DANELAW_STATUS_SECURE) return "rrset";
  return status == DANELAW_STATUS_SECURE_ABSENT ? "denial" : "";
}

Exit exit_for(danelaw_status status) {
  if (status == DANELAW_STATUS_ERROR) return Exit::Refused;
  return status == DANELAW_STATUS_INSECURE ? Exit::NotApplicable : Exit::Good;
}

Json to_json(const AnswerReport& report, const ValidateProofOptions& options, int support_lifetime) {
  Json json = {{"dnssec", dnssec_word(report)},
               {"answer", answer_word(report.status)},
               {"reason", report.reason},
               {"code", report.code},
               {"records", report.records},
               {"name", options.name},
               {"type", options.type},
               {"owner", report.owner},
               {"ttl", report.ttl},
               {"expiry", report.expiry}};
  if (support_lifetime >= 0) json["support_lifetime"] = support_lifetime;
  return json;
}

std::string to_text(const AnswerReport& report, const ValidateProofOptions& options) {
  const char* const answer = answer_word(report.status);
  return fmt::format("{} {}: {}{}{}\n", printable(options.name), printable(options.type),
                     coloured(colour_of(report.status), dnssec_word(report)), *answer == '\0' ? "" : " ",
                     answer) +
         to_text(report);
}

Answer validated(const ValidateProofOptions& options) {
  const danelaw_proof_options how = proof_options(options);
  const std::string proof = read_file(options.proof_file, most_octets, "a proof");
  danelaw_problem problem{};
  danelaw_answer* raw = nullptr;
  const int code = danelaw_validate_proof(reinterpret_cast<const std::uint8_t*>(proof.data()), proof.size(),
                                          options.name.c_str(), options.type.c_str(), &how, &raw, &problem);
  // Everything here is input, the anchors too.
  if (code == DANELAW_ERR_ANCHOR) throw usage(fmt::format("--anchors: {}", problem.text));
  require(code, problem);
  return Answer(raw);
}

}  // namespace

Exit run_validate_proof(const ValidateProofOptions& options) {
  refuse_url(options.name, "--qname");
  refuse_address(options.name, "--qname");
  const Answer answer = validated(options);
  const AnswerReport report = report_of(*answer);
  const TraceLines trace = trace_of(*answer);
  if (options.json) {
    Json json = to_json(report, options, danelaw_answer_support_lifetime(answer.get()));
    if (options.trace) json["trace"] = to_json(trace);
    print_json(json);
  } else if (options.dot) {
    print_out(to_dot(trace, fmt::format("{} {}", options.name, options.type)));
  } else {
    print_out(to_text(report, options) + to_text(trace));
  }
  return exit_for(report.status);
}

}  // namespace danelaw::cli
