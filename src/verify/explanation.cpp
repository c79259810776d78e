#include "verify/explanation.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "base/hex.hpp"
#include "tlsa/matching.hpp"

namespace danelaw::verify {
namespace {

using tlsa::PeerCertificate;
using Path = std::vector<PeerCertificate>;

Path as_path(const OwnedChain& chain) {
  Path path;
  for (int i = 0; chain && i < sk_X509_num(chain.get()); ++i)
    path.emplace_back(sk_X509_value(chain.get(), i));
  return path;
}

bool names_an_end_entity(tlsa::Usage usage) {
  return usage == tlsa::Usage::PkixEe || usage == tlsa::Usage::DaneEe;
}

/// Where in `path` the record matches a certificate that its usage may match; -1 where nowhere.
int depth_of_match(const tlsa::UsableRecord& record, const Path& path) {
  const std::size_t first = names_an_end_entity(record.usage()) ? 0 : 1;
  const std::size_t last =
      names_an_end_entity(record.usage()) ? std::min<std::size_t>(1, path.size()) : path.size();
  for (std::size_t depth = first; depth < last; ++depth)
    if (tlsa::matches(record, path[depth])) return static_cast<int>(depth);
  return -1;
}

/// The record that would have matched `certificate`, as far as it can be shown in a line.
std::string record_of(const tlsa::UsableRecord& like, const PeerCertificate& certificate) {
  constexpr std::size_t shown_octets = 64;  // a whole SHA2-512
  const Buffer data = tlsa::presented(certificate.selected(like.selector()), like.matching_type());
  const Bytes shown = Bytes(data).first(std::min(data.size(), shown_octets));
  return std::to_string(static_cast<int>(like.usage())) + " " +
         std::to_string(static_cast<int>(like.selector())) + " " +
         std::to_string(static_cast<int>(like.matching_type())) + " " + to_hex(shown) +
         (shown.size() < data.size() ? "…" : "");
}

std::string what_the_peer_had(const tlsa::UsableRecord& record, const Path& presented) {
  if (presented.empty()) return "the peer presented no certificate";
  if (names_an_end_entity(record.usage()))
    return "does not match the end-entity certificate, which is " + record_of(record, presented[0]);
  if (presented.size() == 1)
    return "no CA certificate was presented, and this usage never matches the end-entity certificate: the "
           "server must "
           "send the CA that the record names";
  std::string text = "matches none of the CA certificates presented, which are";
  constexpr std::size_t shown_certificates = 4;
  for (std::size_t depth = 1; depth < presented.size() && depth <= shown_certificates; ++depth)
    text += (depth == 1 ? " " : ", ") + record_of(record, presented[depth]);
  if (presented.size() > shown_certificates + 1) text += ", …";
  return text;
}

struct Paths {
  Path presented;
  Path verified;
};

RecordEntry explain_usable(const tlsa::UsableRecord& record, const Paths& paths, const Verdict& verdict) {
  RecordEntry entry;
  entry.standing = tlsa::Standing::Usable;
  const auto* authenticated = std::get_if<Authenticated>(&verdict.decision);
  if (authenticated != nullptr && authenticated->reason == Reason::Matched &&
      authenticated->record == record.index()) {
    entry.decided = true;
    entry.matched_depth = authenticated->depth;
    entry.text = "matches at depth " + std::to_string(authenticated->depth);
    return entry;
  }
  if (paths.presented.empty() && paths.verified.empty()) {
    entry.text = "no certificate was looked at";
    return entry;
  }
  entry.matched_depth = depth_of_match(record, paths.verified);
  if (entry.matched_depth >= 0) {
    entry.text = "matches at depth " + std::to_string(entry.matched_depth) + " of the path that was built" +
                 (authenticated == nullptr ? ", but the verification failed" : "");
    return entry;
  }
  entry.matched_depth = depth_of_match(record, paths.presented);
  if (entry.matched_depth >= 0) {
    entry.text = "matches certificate " + std::to_string(entry.matched_depth) + " of those presented, " +
                 (authenticated != nullptr ? "and another record had decided before"
                                           : "which is not on a path from the end-entity certificate");
    return entry;
  }
  entry.text = what_the_peer_had(record, paths.presented);
  return entry;
}

std::vector<RecordEntry> explain_records(const Verdict& verdict, const tlsa::RecordSet& records) {
  const Paths paths{as_path(verdict.presented), as_path(verdict.verified)};
  std::vector<RecordEntry> entries;
  const auto usable = records.usable();
  auto next_usable = usable.begin();
  for (std::size_t index = 0; index < records.entries().size(); ++index) {
    const auto& source = records.entries()[index];
    RecordEntry entry;
    if (next_usable != usable.end() && next_usable->index() == index) {
      entry = explain_usable(*next_usable++, paths, verdict);
    } else {
      entry.standing = source.standing;
      entry.text = std::string(tlsa::explanation_of(source.standing));
    }
    entry.record = source.record ? source.record->to_text() : to_hex(source.rdata);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string subject_of(X509* certificate) {
  char* line = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
  std::string text = line == nullptr ? "?" : line;  // what cannot be printed is escaped
  OPENSSL_free(line);
  constexpr std::size_t shown_characters = 120;
  if (text.size() > shown_characters) text.replace(shown_characters, std::string::npos, "…");
  return text;
}

std::string describe_chain(const Verdict& verdict) {
  const int presented = verdict.presented ? sk_X509_num(verdict.presented.get()) : 0;
  if (presented <= 0) return "no certificate was looked at";
  std::string text = std::to_string(presented) + (presented == 1 ? " certificate" : " certificates") +
                     " presented, end entity " + subject_of(sk_X509_value(verdict.presented.get(), 0));
  const int verified = verdict.verified ? sk_X509_num(verdict.verified.get()) : 0;
  if (verified > 1)
    text += "; a path of " + std::to_string(verified) + " up to " +
            subject_of(sk_X509_value(verdict.verified.get(), verified - 1));
  if (verdict.verify_result != X509_V_OK)
    text += "; " + std::string(X509_verify_cert_error_string(verdict.verify_result)) + " at depth " +
            std::to_string(verdict.error_depth);
  return text;
}

std::string reason_of_evidence(const Plan& plan) {
  if (const auto* not_asked = std::get_if<NotAsked>(&plan.evidence))
    return std::string(explanation_of(not_asked->why));
  const auto& outcome = std::get<tlsa::TlsaOutcome>(plan.evidence);
  if (const auto* error = std::get_if<tlsa::LookupError>(&outcome)) return error->reason;
  if (const auto* insecure = std::get_if<tlsa::Insecure>(&outcome)) return insecure->reason;
  return {};
}

bool has_records(const Verdict& verdict) {
  const tlsa::RecordSet* records = verdict.plan ? records_of(*verdict.plan) : nullptr;
  return records != nullptr && !records->entries().empty();
}

std::string why(const Verdict& verdict) {
  const std::string evidence = verdict.plan ? reason_of_evidence(*verdict.plan) : std::string();
  switch (reason_of(verdict.decision)) {
    case Reason::None:
      return "no verdict was reached";
    case Reason::Matched:
      return "a record matches";
    case Reason::Resumed:
      return "the session was authenticated before under the same records";
    case Reason::NoMatch:
      return "no usable record matches the peer";
    case Reason::NameMismatch:
      return "a record vouches for the chain, but the certificate is for other names";
    case Reason::DaneEeNameMismatch:
      return "a DANE-EE record matches, but the certificate is for other names";
    case Reason::ChainInvalid:
      return std::string("the certificate path does not verify: ") +
             X509_verify_cert_error_string(verdict.verify_result);
    case Reason::NoCertificate:
      return "the peer presented no certificate";
    case Reason::LookupFailed:
      return "the lookup failed: " + evidence;
    case Reason::MandatoryWithoutDane:
      return "DANE is mandatory and does not apply" + (evidence.empty() ? "" : ": " + evidence);
    case Reason::SecureAbsent:
      return "the domain proves that it has no TLSA records for this service";
    case Reason::Insecure:
      return "the domain is not secure" + (evidence.empty() ? "" : ": " + evidence);
    case Reason::NoUsableRecord:
      return has_records(verdict) ? "the domain has TLSA records, none of them usable"
                                  : "there is no TLSA record";
    case Reason::NotAsked:
      return evidence;
    case Reason::SecondOpinion:
      return "two matchers disagree about an acceptance, so there is none";
    case Reason::Engine:
      return "OpenSSL could not finish the verification";
    case Reason::HookBypassed:
      return "the application replaced a callback that the verdict depends on";
    case Reason::Application:
      return "a record matches, and the application's own verify callback refuses the peer";
  }
  return {};
}

std::string names_of(const Plan& plan) {
  std::string names;
  for (const std::string& name : plan.reference_identifiers) names += (names.empty() ? "" : ", ") + name;
  return names;
}

std::string describe_subject(const Verdict& verdict, Subject subject) {
  if (!verdict.plan) return "unknown service";
  switch (subject) {
    case Subject::Service:
      return to_text(verdict.plan->service);
    case Subject::Names:
      return names_of(*verdict.plan);
  }
  return {};
}

std::string hint_for(const Verdict& verdict) {
  if (!verdict.plan) return {};
  switch (reason_of(verdict.decision)) {
    case Reason::NoMatch:
      return "Either the certificate was renewed without its TLSA record (publish the new record, keep the "
             "old "
             "one until its TTL has passed), or the server does not send the CA that a record names, or this "
             "is "
             "not the real server.";
    case Reason::DaneEeNameMismatch:
      return "RFC 7671 section 5.1 does not compare names here; the setting dane_ee_names = skip (in the "
             "tool "
             "--dane-ee-no-namecheck) follows it. Names looked for: " +
             names_of(*verdict.plan) + ".";
    case Reason::NameMismatch:
      return "Names looked for: " + names_of(*verdict.plan) + ".";
    case Reason::LookupFailed:
      if (std::holds_alternative<NotApplicable>(verdict.decision))
        return "insecure_ignore_lookup_errors takes a failed lookup for \"no TLSA\", and an attacker can "
               "cause it.";
      return "A failed lookup is never taken for \"no TLSA\": an attacker can cause it.";
    case Reason::NoUsableRecord:
      return has_records(verdict) ? "Publish a record that clients can use, 3 1 1 for example." : "";
    case Reason::HookBypassed:
      return "Set such callbacks before the service is named.";
    case Reason::ChainInvalid:
    case Reason::None:
    case Reason::Matched:
    case Reason::Resumed:
    case Reason::NoCertificate:
    case Reason::MandatoryWithoutDane:
    case Reason::SecureAbsent:
    case Reason::Insecure:
    case Reason::NotAsked:
    case Reason::SecondOpinion:
    case Reason::Engine:
    case Reason::Application:
      return {};
  }
  return {};
}

}  // namespace

Explanation explain(const Verdict& verdict, Subject subject) {
  Explanation explanation;
  std::string evidence = verdict.plan ? std::string(evidence_name(*verdict.plan)) : "no plan";
  if (verdict.plan && verdict.plan->origin == Origin::Handshake) evidence += " as the server proves";
  if (verdict.plan && subject == Subject::Service && !verdict.plan->service.host.empty())
    explanation.service = to_text(verdict.plan->service);
  explanation.summary = describe_subject(verdict, subject) + ": " + evidence + ": " +
                        std::string(name_of(verdict.decision)) + " (" +
                        std::string(to_string(reason_of(verdict.decision))) + "): " + why(verdict);
  explanation.chain = describe_chain(verdict);
  explanation.hint = hint_for(verdict);
  const tlsa::RecordSet* records = verdict.plan ? records_of(*verdict.plan) : nullptr;
  if (records != nullptr) explanation.records = explain_records(verdict, *records);
  return explanation;
}

}  // namespace danelaw::verify
