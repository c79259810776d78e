// A trace in words, a line for each step, as one would tell a walk from the root with dig.
#include <fmt/format.h>

#include "answer_report.hpp"
#include "dnssec_numbers.hpp"
#include "terminal.hpp"
#include "trace_report.hpp"

namespace danelaw::cli {
namespace {

Colour colour_of_state(std::string_view state) {
  if (state == "secure") return Colour::Green;
  if (state == "insecure") return Colour::Yellow;
  return state == "bogus" || state == "missing" ? Colour::Red : Colour::Plain;
}

std::string reason(const TraceLine& line) { return line.code.empty() ? "" : ": " + line.code; }

std::string digest_of(const TraceLine& line) {
  return line.digest_type < 0 ? "" : ", " + digest_text(line.digest_type);
}

std::string ds_words(const TraceLine& line) {
  return fmt::format("DS {}, {}{}{}", line.key_tag, algorithm_text(line.algorithm), digest_of(line),
                     reason(line));
}

std::string anchor_words(const TraceLine& line) {
  return fmt::format("trust anchor {} {} {}, {}{}{}", line.owner, line.type, line.key_tag,
                     algorithm_text(line.algorithm), digest_of(line), reason(line));
}

std::string key_words(const TraceLines& trace, const TraceLine& line) {
  std::string text = fmt::format("key {}, {}, {}{}", line.key_tag, algorithm_text(line.algorithm),
                                 dnskey_flags_text(line.flags), reason(line));
  for (std::size_t i = 0; i < line.basis.size(); ++i) {
    const TraceLine& basis = trace[static_cast<std::size_t>(line.basis[i])];
    const char* const what = basis.kind == "anchor" ? "the trust anchor" : "DS";
    text += fmt::format("{}{} {}", i == 0 ? "; named by " : ", ", what, basis.key_tag);
    if (basis.digest_type >= 0) text += fmt::format(" ({})", digest_text(basis.digest_type));
  }
  return text;
}

std::string signature_words(const TraceLine& line) {
  return fmt::format("signature by {} of {}, {}, {}{}", line.key_tag, line.zone,
                     algorithm_text(line.algorithm), validity_of(line), reason(line));
}

std::string rrset_words(const TraceLine& line) {
  std::string text = fmt::format("{} {}: {} record{}, zone {}{}", line.owner, line.type, line.records,
                                 line.records == 1 ? "" : "s", line.zone, reason(line));
  if (!line.target.empty()) text += fmt::format("; by the wildcard {}", line.target);
  return text;
}

std::string denial_of(std::string_view code) {
  if (code == "no-data") return "exists, and has no such record";
  if (code == "no-name") return "does not exist";
  if (code == "closest-encloser") return "is the closest encloser";
  if (code == "empty-non-terminal") return "exists, and has no record at all";
  if (code == "delegation-without-ds") return "is delegated, without DS";
  if (code == "delegation-with-ds") return "is delegated, with DS";
  if (code == "opt-out") return "may be delegated, without DS";
  if (code == "too-many-iterations") return "denies with more iterations than count (RFC 9276 section 3.2)";
  return std::string(code);
}

std::string end_words(const TraceLine& line) {
  if (line.state == "insecure") return fmt::format("not signed from {} on: {}", line.zone, line.code);
  if (line.code == "rrset") return fmt::format("{} {} is proven", line.owner, line.type);
  if (line.code == "name-error") return fmt::format("{} is proven not to exist", line.owner);
  if (line.code == "no-data") return fmt::format("{} is proven to have no {}", line.owner, line.type);
  if (line.text.empty()) return fmt::format("nothing is proven{}", reason(line));
  return fmt::format("nothing is proven{}: {}", reason(line), line.text);
}

/// Parts of an RRset stand below it.
const char* indent_of(const TraceLine& line) {
  if (line.kind == "question") return "";
  return line.rrset >= 0 ? "    " : "  ";
}

}  // namespace

std::string validity_of(const TraceLine& line) {
  return fmt::format("{} to {}", time_text(line.inception), time_text(line.expiration));
}

std::string words_of(const TraceLines& trace, const TraceLine& line) {
  if (line.kind == "question") return fmt::format("{} {}", line.owner, line.type);
  if (line.kind == "anchor") return anchor_words(line);
  if (line.kind == "rrset") return rrset_words(line);
  if (line.kind == "ds") return ds_words(line);
  if (line.kind == "dnskey") return key_words(trace, line);
  if (line.kind == "signature") return signature_words(line);
  if (line.kind == "denial")
    return fmt::format("{} proves: {} {} ({})", line.type, line.owner, denial_of(line.code), line.text);
  if (line.kind == "alias") return fmt::format("{} leads to {} ({})", line.owner, line.target, line.type);
  if (line.kind == "missing") return fmt::format("{} {}: not to be had", line.owner, line.type);
  return line.kind == "end" ? end_words(line) : line.kind;
}

std::string to_text(const TraceLines& trace) {
  std::string text;
  for (const TraceLine& line : trace) {
    const std::string state = fmt::format("{:<10}", line.kind == "question" ? "trace" : line.state);
    const Colour colour = line.kind == "question" ? Colour::Plain : colour_of_state(line.state);
    text +=
        fmt::format("  {}{}{}\n", coloured(colour, state), indent_of(line), printable(words_of(trace, line)));
  }
  return text;
}

}  // namespace danelaw::cli
