// CERT in words (RFC 4398). What stands elsewhere is named, and not fetched.
#include <fmt/format.h>

#include "certificate_facts.hpp"
#include "explanation.hpp"
#include "rdata_cert.hpp"
#include "tlsa_record.hpp"

namespace danelaw::cli {
namespace {

constexpr std::string_view revocation_list_oids = "\x26\x27";

bool is_revocation_list(const std::string& oid) {
  return oid.size() == 3 && oid.starts_with("\x55\x04") &&
         revocation_list_oids.find(oid[2]) != std::string_view::npos;
}

/// One overload for each form of the body.
class Writer final {
 public:
  Writer(Explanation& explanation, std::uint16_t type) : m_explanation(explanation), m_type(type) {}

  void operator()(const CertMalformed& malformed) const {
    line("malformed: " + malformed.why);
    m_explanation.object["problem"] = malformed.why;
  }
  void operator()(const CertWithOid& found) const {
    if (!found.oid.empty()) put("oid", cert_oid_name(found.oid));
    if (found.oid.empty()) line("no object identifier in front, which RFC 4398 section 2.1 demands");
    octets(found.content);
    const bool is_certificate =
        m_type == static_cast<std::uint16_t>(CertType::Pkix) && !is_revocation_list(found.oid);
    if (is_certificate) certificate(found.content);
  }
  void operator()(const CertWithUri& found) const {
    put("uri", found.uri);
    octets(found.content);
  }
  void operator()(const CertElsewhere& found) const {
    if (!found.fingerprint.empty()) put("fingerprint", hex_of(found.fingerprint));
    if (!found.uri.empty()) put("uri", found.uri);
    if (!found.uri.empty()) line("what stands there was not fetched");
  }
  void operator()(const CertOctets& found) const { octets(found.content); }

 private:
  void line(std::string text) const { m_explanation.lines.push_back(std::move(text)); }
  void put(const char* name, const std::string& value) const {
    line(fmt::format("{:<12}{}", name, value));
    m_explanation.object[name] = value;
  }
  void octets(const std::string& content) const {
    line(fmt::format("{:<12}{}", "octets", content.size()));
    m_explanation.object["octets"] = content.size();
  }
  void certificate(const std::string& der) const {
    const std::optional<CertificateFacts> facts = certificate_facts(der);
    if (!facts) {
      line("malformed: no X.509 certificate");
      m_explanation.object["problem"] = "no X.509 certificate";
      return;
    }
    put("subject", facts->subject);
    put("issuer", facts->issuer);
    line(fmt::format("{:<12}{} to {}", "valid", facts->not_before, facts->not_after));
    m_explanation.object["not_before"] = facts->not_before;
    m_explanation.object["not_after"] = facts->not_after;
    put("sha256", facts->sha256);
  }

  Explanation& m_explanation;
  std::uint16_t m_type;
};

}  // namespace

Explanation explain_cert(Octets rdata) {
  const std::optional<CertRecord> record = cert_of_rdata(rdata);
  if (!record) return malformed("CERT", "fewer than the five octets of type, key tag and algorithm");
  Explanation explanation;
  explanation.object["type"] = "CERT";
  explanation.object.update({{"certificate_type", record->type},
                             {"certificate_type_name", cert_type_name(record->type)},
                             {"key_tag", record->key_tag},
                             {"algorithm", record->algorithm}});
  explanation.lines = {fmt::format("{}, key tag {}, algorithm {}", cert_type_name(record->type),
                                   record->key_tag, cert_algorithm_name(record->algorithm))};
  std::visit(Writer(explanation, record->type), record->body);
  return explanation;
}

}  // namespace danelaw::cli
