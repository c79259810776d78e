#include "beside_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "certificate_facts.hpp"
#include "climb.hpp"
#include "rdata_cert.hpp"

namespace danelaw::cli {
namespace {

Beside ask(danelaw_resolver& resolver, const std::string& host, const char* type, Climb climb,
           std::vector<std::string>& rdatas) {
  const auto query = [&](const char* name, danelaw_answer** answer, danelaw_problem* problem) {
    return danelaw_query(&resolver, name, type, answer, problem);
  };
  const Climbed climbed = ask_upwards(query, host, climb);
  Beside beside;
  beside.type = type;
  beside.asked = climbed.asked;
  beside.found_at = climbed.asked.back();
  if (climbed.answer == nullptr) {
    beside.outcome = outcome_word(DANELAW_STATUS_ERROR);
    beside.reason = climbed.problem.text;
    return beside;
  }
  const AnswerReport report = report_of(*climbed.answer);
  beside.outcome = outcome_word(report.status);
  beside.reason = report.reason;
  beside.explained = explain(*climbed.answer, type);
  rdatas = rdatas_of(*climbed.answer);
  return beside;
}

std::vector<std::string> issuers_of(const std::vector<PeerReport>& peers) {
  std::vector<std::string> issuers;
  for (const PeerReport& peer : peers) {
    const auto facts = certificate_facts(peer.certificate);
    if (facts && std::ranges::find(issuers, facts->issuer) == issuers.end()) issuers.push_back(facts->issuer);
  }
  return issuers;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// The first line, and the records' below it.
std::string text_of(const Beside& beside) {
  std::string text = fmt::format("    {:<6}{}, asked at {}: {}\n", beside.type, beside.outcome,
                                 printable(joined(beside.asked, ", then ")), printable(beside.reason));
  for (std::size_t i = 0; i < beside.explained.records.size(); ++i) {
    for (const std::string& line : beside.explained.records[i].lines)
      text += fmt::format("          {}\n", printable(line));
    if (beside.type != "CERT") continue;
    const std::string held = joined(beside.held[i], ", ");
    text +=
        fmt::format("          {}\n", held.empty() ? "it holds the certificate of no address that was reached"
                                                   : "it holds the certificate of " + printable(held));
  }
  return text;
}

Json json_of(const Beside& beside) {
  Json records = Json::array();
  for (std::size_t i = 0; i < beside.explained.records.size(); ++i) {
    Json record = beside.explained.records[i].object;
    if (beside.type == "CERT") record["holds_certificate_of"] = beside.held[i];
    records.push_back(record);
  }
  Json object = {
      {"outcome", beside.outcome}, {"reason", beside.reason}, {"asked", beside.asked}, {"records", records}};
  if (beside.explained.set) object[beside.explained.set_name] = beside.explained.set->object;
  return object;
}

}  // namespace

std::optional<std::string> certificate_in(Octets cert_rdata) {
  const auto record = cert_of_rdata(cert_rdata);
  if (!record || record->type != static_cast<std::uint16_t>(CertType::Pkix)) return std::nullopt;
  const auto* const body = std::get_if<CertWithOid>(&record->body);
  if (body == nullptr || !certificate_facts(body->content)) return std::nullopt;
  return body->content;
}

std::vector<std::vector<std::string>> holders_of(const std::vector<std::string>& cert_rdatas,
                                                 const std::vector<PeerReport>& peers) {
  std::vector<std::vector<std::string>> held;
  for (const std::string& rdata : cert_rdatas) {
    const std::vector<std::uint8_t> octets(rdata.begin(), rdata.end());
    const auto certificate = certificate_in(octets);
    std::vector<std::string> addresses;
    for (const PeerReport& peer : peers)
      if (certificate && !peer.certificate.empty() && peer.certificate == *certificate)
        addresses.push_back(peer.address);
    held.push_back(std::move(addresses));
  }
  return held;
}

BesideVerdict look_beside(danelaw_resolver& resolver, const std::string& host,
                          const std::vector<PeerReport>& peers) {
  BesideVerdict beside;
  std::vector<std::string> rdatas;
  beside.caa = ask(resolver, host, "CAA", Climb::Yes, rdatas);
  rdatas.clear();
  beside.cert = ask(resolver, host, "CERT", Climb::No, rdatas);
  beside.cert.held = holders_of(rdatas, peers);
  beside.issuers = issuers_of(peers);
  return beside;
}

std::string to_text(const BesideVerdict& beside) {
  std::string text =
      "  for information: no part of the verdict, which must not rest on CAA (RFC 8659 section 1) and does "
      "not on CERT\n";
  text += text_of(beside.caa);
  if (beside.caa.explained.set)
    for (const std::string& line : beside.caa.explained.set->lines)
      text += fmt::format("          {}\n", printable(line));
  for (const std::string& issuer : beside.issuers)
    text += fmt::format("          the certificate's issuer is {}\n", printable(issuer));
  if (beside.caa.explained.set && !beside.issuers.empty())
    text +=
        "          CAA names domains of CAs: which of them is this issuer's, no record says; it was for the "
        "CA to heed "
        "when it issued\n";
  return text + text_of(beside.cert);
}

Json to_json(const BesideVerdict& beside) {
  Json caa = json_of(beside.caa);
  caa["certificate_issuers"] = beside.issuers;
  return {{"part_of_verdict", false}, {"caa", caa}, {"cert", json_of(beside.cert)}};
}

}  // namespace danelaw::cli
