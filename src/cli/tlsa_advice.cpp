#include "tlsa_advice.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "terminal.hpp"

namespace danelaw::cli {
namespace {

/// A P-256 key in full (91 octets) is hardly longer than a digest; an RSA key or a certificate is (RFC 7671 section 10.1.2).
constexpr std::size_t large_data_octets = 128;
/// What is left of a UDP answer of 1232 octets once header, question, two signatures and an OPT record are in it.
constexpr std::size_t large_rrset_octets = 800;
constexpr std::size_t rr_header_octets = 12;  // with a compressed owner
constexpr unsigned smtp_port = 25;

class Adviser final {
 public:
  Adviser(const std::vector<MadeRecord>& records, const std::vector<TlsaService>& services, Source source)
      : m_records(records), m_services(services), m_source(source) {}

  std::vector<Advice> advise() {
    for (const MadeRecord& made : m_records) {
      about_parameters(made.record.parameters);
      about_size(made.record);
      for (const Credential* const credential : made.sources) about_credential(made.record, *credential);
    }
    about_digests();
    about_rrset();
    if (m_source == Source::Server)
      say("unauthenticated-source",
          "the server was taken at its word: whoever sits between could have shown another certificate; "
          "compare it with the file");
    return m_advice;
  }

 private:
  template <class... Arguments>
  void say(const char* code, fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    Advice advice{code, fmt::format(form, std::forward<Arguments>(arguments)...)};
    if (std::find(m_advice.begin(), m_advice.end(), advice) == m_advice.end())
      m_advice.push_back(std::move(advice));
  }

  void about_parameters(const Parameters& parameters) {
    const std::string text = to_text(parameters);
    const bool is_pkix = parameters.usage == 0 || parameters.usage == 1;
    // RFC 7672 section 3.1.3: SMTP clients treat them as unusable.
    const auto mail = std::find_if(m_services.begin(), m_services.end(),
                                   [](const TlsaService& service) { return service.port == smtp_port; });
    if (is_pkix && mail != m_services.end())
      say("pkix-for-mail",
          "{} for mail ({}): mail servers cannot use usages 0 and 1; take 3 1 1 or 2 1 1 (RFC 7672 section "
          "3.1.3)",
          text, mail->owner());
    // RFC 7671 section 4: a client must trust the same public CAs, and more can go wrong.
    if (is_pkix && mail == m_services.end())
      say("pkix-usage",
          "{}: usages 0 and 1 also need a public CA that each client trusts; 3 1 1 or 2 1 1 does not (RFC "
          "7671 section 4)",
          text);
    if (parameters.usage == 3 && parameters.selector == 0)
      say("certificate-not-key",
          "{}: the record must change with each new certificate; 3 1 1 stays while the key does (RFC 7671 "
          "section 5.1)",
          text);
  }

  void about_size(const TlsaRecord& record) {
    const Parameters& parameters = record.parameters;
    if (parameters.matching_type != 0) return;
    const std::size_t octets = record.data.size();
    if (parameters.selector == 0) {
      say("full-certificate",
          "{}: a whole certificate in DNS ({} octets); answers may not fit into UDP; take a digest (RFC 7671 "
          "section 10.1.2)",
          to_text(parameters), octets);
    } else if (octets > large_data_octets) {
      say("full-key",
          "{}: a whole key in DNS ({} octets); answers may not fit into UDP; take a digest (RFC 7671 section "
          "10.1.2)",
          to_text(parameters), octets);
    }
  }

  void about_credential(const TlsaRecord& record, const Credential& credential) {
    const Parameters& parameters = record.parameters;
    if (credential.certificates.empty()) return;
    about_order(credential);
    if (parameters.usage == 2) about_anchor(parameters, credential);
    if (parameters.usage == 3) return about_lone_ca(parameters, credential);
    about_names(parameters, credential);
  }

  /// A bundle that is no chain would make a record of some CA that has nothing to do with the server.
  void about_order(const Credential& credential) {
    for (std::size_t i = 1; i < credential.certificates.size(); ++i) {
      X509* const issuer = credential.certificates[i].get();
      if (X509_check_issued(issuer, credential.certificates[i - 1].get()) == X509_V_OK) continue;
      say("chain-order", "{}: certificate {} was not issued by the next one; is this a chain, leaf first?",
          printable(credential.source), i);
      return;
    }
  }

  /// RFC 7671 section 5.2.2: what a digest stands for must come in the handshake; a key or certificate in full need not.
  void about_anchor(const Parameters& parameters, const Credential& credential) {
    if (m_source == Source::Server || parameters.matching_type == 0) return;
    const X509* const anchor = anchor_of(credential);
    const bool alone = credential.certificates.size() == 1;
    const bool is_root = X509_check_issued(const_cast<X509*>(anchor), const_cast<X509*>(anchor)) == X509_V_OK;
    if (!alone && !is_root) return;
    say("anchor-must-be-sent",
        "{}: the server must send this CA certificate with its own{}: {} (RFC 7671 section 5.2.2)",
        to_text(parameters), is_root ? ", though it is a root" : "", subject_of(*anchor));
  }

  void about_lone_ca(const Parameters& parameters, const Credential& credential) {
    const bool is_ca = X509_check_ca(credential.certificates.front().get()) != 0;
    if (is_ca)
      say("end-entity-is-ca",
          "{}: {} is a CA's certificate; usage 3 is right only if the server itself shows it",
          to_text(parameters), credential.subject);
  }

  /// Usages 0 to 2 have names compared (RFC 7671 section 10.2).
  void about_names(const Parameters& parameters, const Credential& credential) {
    X509* const leaf = credential.certificates.front().get();
    if (credential.certificates.size() == 1 && parameters.is_about_ca()) return;  // not the server's
    for (const TlsaService& service : m_services) {
      if (X509_check_host(leaf, service.host.c_str(), service.host.size(),
                          X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1)
        continue;
      say("name-missing",
          "{}: {} has no name {}, which clients look for with usage {} (RFC 7671 section 10.2)",
          to_text(parameters), printable(credential.source), service.host, parameters.usage);
    }
  }

  /// RFC 6698 section 6: clients must know SHA2-256, and only should know SHA2-512.
  void about_digests() {
    for (const MadeRecord& made : m_records) {
      Parameters other = made.record.parameters;
      if (other.matching_type != 2) continue;
      other.matching_type = 1;
      const bool has_other =
          std::any_of(m_records.begin(), m_records.end(),
                      [&](const MadeRecord& candidate) { return candidate.record.parameters == other; });
      if (!has_other)
        say("sha-512-only",
            "{}: not every client knows SHA2-512; take {}, alone or beside it (RFC 6698 section 6)",
            to_text(made.record.parameters), to_text(other));
    }
  }

  void about_rrset() {
    std::size_t octets = 0;
    for (const MadeRecord& made : m_records) octets += rr_header_octets + 3 + made.record.data.size();
    if (octets > large_rrset_octets)
      say("large-rrset",
          "{} records of {} octets together: answers may not fit into UDP (RFC 7671 section 10.1.1)",
          m_records.size(), octets);
  }

  const std::vector<MadeRecord>& m_records;
  const std::vector<TlsaService>& m_services;
  Source m_source;
  std::vector<Advice> m_advice;
};

}  // namespace

std::vector<Advice> advice_on(const std::vector<MadeRecord>& records,
                              const std::vector<TlsaService>& services, Source source) {
  return Adviser(records, services, source).advise();
}

}  // namespace danelaw::cli
