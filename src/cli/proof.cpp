// `danelaw proof HOST[:PORT]`: what a TLS server staples so that its clients need no DNS (RFC 9102). For the TLSA records of the
// name that clients will send; CNAMEs there are followed, aliases of the host are not (RFC 9102 section 3).
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <string>

#include "answer_report.hpp"
#include "commands.hpp"
#include "danelaw/proof.h"
#include "files.hpp"
#include "handles.hpp"
#include "numbers.hpp"
#include "settings.hpp"
#include "stapling_advice.hpp"
#include "target.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned default_port = 443;
constexpr unsigned longest_lifetime = 0xFFFF;         // two octets
constexpr std::int64_t short_of_time = 24 * 60 * 60;  // seconds

/// Standard output is the proof's or, with -o, the report's.
void refuse_terminal(const ProofOptions& options) {
  if (options.output) return;
  if (options.json) throw usage("--json: give -o FILE, too; without it standard output is the proof's");
  if (isatty(STDOUT_FILENO) != 0) throw usage("a proof is no text for a terminal; give -o FILE");
}

Answer ask(const std::string& name, const DnsOptions& dns) {
  const Settings settings = make_settings();
  set_dns(*settings, with_records(dns));
  danelaw_problem problem{};
  danelaw_answer* raw = nullptr;
  require(danelaw_query_proof(settings.get(), name.c_str(), "TLSA", &raw, &problem), problem);
  return Answer(raw);
}

struct Octets {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

Octets proof_of(danelaw_answer& answer, const ProofOptions& options) {
  Octets octets;
  if (options.extension_data) {
    const auto hours = options.lifetime ? parse_number<unsigned>(*options.lifetime, "--lifetime",
                                                                 "hours, 0 to 65535", longest_lifetime)
                                        : 0;
    octets.data = danelaw_answer_extension_data(&answer, hours, &octets.size);
  } else {
    octets.data = danelaw_answer_proof(&answer, &octets.size);
  }
  return octets;
}

void put(const Octets& proof, const ProofOptions& options) {
  if (options.output) return write_file(*options.output, {proof.data, proof.size});
  print_out({reinterpret_cast<const char*>(proof.data), proof.size});
}

bool is_worth_stapling(danelaw_status status) {
  return status == DANELAW_STATUS_SECURE || status == DANELAW_STATUS_SECURE_ABSENT;
}

Exit exit_for(const AnswerReport& report) {
  if (is_worth_stapling(report.status)) return Exit::Good;
  if (report.status == DANELAW_STATUS_INSECURE) return Exit::NotApplicable;
  return report.fault == "bogus" ? Exit::Refused : Exit::Undecided;
}

void warn(const AnswerReport& report) {
  const std::int64_t left = report.proof.front().signed_until - std::time(nullptr);
  if (left >= short_of_time) return;
  print_error_line(
      fmt::format("warning: the signatures over {} end in {} minutes; the zone should be signed anew, and "
                  "the proof made again",
                  printable(report.proof.front().rrset), left / 60));
}

std::string to_text(const AnswerReport& report, const std::string& name, std::size_t octets) {
  std::string text = fmt::format("{} TLSA: {}\n", printable(name),
                                 coloured(colour_of(report.status), outcome_word(report.status)));
  text += to_text(report);
  if (octets == 0) return text;
  text += fmt::format("  {:<8}{} octets, {} RRsets; make it again within the ttl\n", "proof", octets,
                      report.proof.size());
  const ProofLine& first = report.proof.front();
  text += fmt::format("  {:<8}{}, when the signatures over {} end\n", "until", time_text(first.signed_until),
                      printable(first.rrset));
  return text;
}

Json to_json(const AnswerReport& report, const std::string& name, std::size_t octets) {
  return {{"outcome", outcome_word(report.status)},
          {"reason", report.reason},
          {"fault", report.fault},
          {"name", name},
          {"type", "TLSA"},
          {"owner", report.owner},
          {"records", report.records},
          {"ttl", report.ttl},
          {"octets", octets},
          {"signed_until", octets == 0 ? 0 : report.proof.front().signed_until},
          {"proof", to_json(report.proof)}};
}

}  // namespace

Exit run_proof(const ProofOptions& options) {
  refuse_terminal(options);
  const Target target = parse_target(options.service, default_port);
  if (target.is_address) throw usage(fmt::format("{} is an IP address; a DNS name is needed", target.host));
  const std::string name = fmt::format("_{}._tcp.{}", target.port, target.host);
  const Answer answer = ask(name, options.dns);
  const AnswerReport report = report_of(*answer);
  Octets proof;
  if (is_worth_stapling(report.status)) {
    proof = proof_of(*answer, options);
    put(proof, options);
    warn(report);
    for (const std::string& line : stapling_advice(report, target, options.dns)) print_error_line(line);
  } else {
    print_error_line(fmt::format("{}: {}: no proof to staple", printable(name), printable(report.reason)));
  }
  if (options.json) {
    print_json(to_json(report, name, proof.size));
  } else if (options.output) {
    print_out(to_text(report, name, proof.size));
  }
  return exit_for(report);
}

}  // namespace danelaw::cli
