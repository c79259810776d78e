#include <fmt/format.h>

#include <algorithm>

#include "check_report.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t label_width = 10;

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("  {:<{}}{}\n", label, label_width, printable(text));
}

std::string peer_word(const PeerReport& peer) {
  if (!peer.connected) return coloured(Colour::Red, "not reached");
  if (!peer.has_verdict) return coloured(Colour::Red, "no verdict");
  return coloured(colour_of(peer.verdict), danelaw_decision_name(peer.verdict));
}

std::string peer_detail(const PeerReport& peer) {
  std::string text;
  if (!peer.protocol.empty()) text += ", " + peer.protocol;
  if (peer.match_depth >= 0) text += fmt::format(", matched at depth {}", peer.match_depth);
  if (!peer.matched_name.empty()) text += ", name " + peer.matched_name;
  // A code that did not stop the peer decided nothing (RFC 7672 section 2.2) and would read like a refusal.
  if (peer.has_verdict && !peer.accepted && peer.verify_result != X509_V_OK) {
    text += fmt::format(", {}", X509_verify_cert_error_string(peer.verify_result));
  }
  return text;
}

std::string to_text(const PeerReport& peer, std::size_t width, bool with_records) {
  std::string text =
      fmt::format("  {:<{}}{}{}\n", peer.address, width, peer_word(peer), printable(peer_detail(peer)));
  if (!peer.chain.empty()) text += fmt::format("    {}\n", printable(peer.chain));
  if (!peer.dnssec_chain.empty())
    text += fmt::format("    the server's DNSSEC chain: {}\n", printable(peer.dnssec_chain));
  if (!peer.error.empty()) text += fmt::format("    {}\n", printable(peer.error));
  if (with_records) text += to_text(peer.records, "    ");
  return text;
}

/// Where the column after the addresses begins.
std::size_t address_width(const std::vector<PeerReport>& peers) {
  std::size_t width = label_width;
  for (const PeerReport& peer : peers) width = std::max(width, peer.address.size() + 2);
  return width;
}

/// True where the addresses showed different things, so that each needs its own account of the records.
bool records_differ(const CheckReport& report) {
  for (const PeerReport& peer : report.peers) {
    if (peer.has_verdict && peer.records != report.records) return true;
  }
  return false;
}

Json to_json(const PeerReport& peer) {
  const bool decided = peer.record >= 0 && static_cast<std::size_t>(peer.record) < peer.records.size();
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"address", peer.address},
          {"connected", peer.connected},
          {"verdict", danelaw_decision_name(peer.verdict)},
          {"reason", reason_or_null(peer.reason)},
          {"accepted", peer.accepted},
          {"verify_result", peer.has_verdict ? Json(peer.verify_result) : Json()},
          {"match_depth", peer.match_depth},
          {"record", decided ? Json(peer.records[static_cast<std::size_t>(peer.record)].text) : Json()},
          {"matched_name", peer.matched_name},
          {"chain", text_or_null(peer.chain)},
          {"source", peer.source},
          {"dnssec_chain", text_or_null(peer.dnssec_chain)},
          {"protocol", text_or_null(peer.protocol)},
          {"error", text_or_null(peer.error)}};
}

}  // namespace

std::string to_text(const CheckReport& report) {
  std::string text = fmt::format("{}  {}\n", coloured(Colour::Bold, printable(report.service)),
                                 coloured(colour_of(report.verdict), danelaw_decision_name(report.verdict)));
  text += line("why", report.reason_text);
  if (!report.hint.empty()) text += line("hint", report.hint);
  text += line(report.source == "handshake" ? "server" : "DNS",
               fmt::format("{}{}{}", danelaw_outcome_name(report.outcome),
                           report.lookup_text.empty() ? "" : ": ", report.lookup_text));
  if (!report.base_domain.empty()) text += line("base", report.base_domain);
  text += line("records", std::to_string(report.records.size()));
  const bool each = records_differ(report);
  if (!each) text += to_text(report.records, "    ");
  const std::size_t width = address_width(report.peers);
  for (const PeerReport& peer : report.peers) text += to_text(peer, width, each);
  return text;
}

Json to_json(const CheckReport& report) {
  Json addresses = Json::array();
  for (const PeerReport& peer : report.peers) addresses.push_back(to_json(peer));
  return {{"service", report.service},
          {"verdict", danelaw_decision_name(report.verdict)},
          {"outcome", danelaw_outcome_name(report.outcome)},
          {"fault", report.fault},
          {"reason", reason_or_null(report.reason)},
          {"reason_text", report.reason_text},
          {"base_domain", report.base_domain},
          {"source", report.source},
          {"addresses", addresses},
          {"records", to_json(report.records)},
          {"hint", report.hint}};
}

}  // namespace danelaw::cli
