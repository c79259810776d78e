#include "peer.hpp"

#include <openssl/x509v3.h>

#include <ctime>
#include <new>

#include "handshake.hpp"
#include "settings.hpp"
#include "wire.hpp"

namespace danelaw::cli {
namespace {

/// The names for the ordinary verification, where that decides. DANE's are in the plan.
void set_ordinary_name(SSL& ssl, const Target& target) {
  X509_VERIFY_PARAM* const param = SSL_get0_param(&ssl);
  X509_VERIFY_PARAM_set_hostflags(param,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const int done = target.is_address ? X509_VERIFY_PARAM_set1_ip_asc(param, target.host.c_str())
                                     : X509_VERIFY_PARAM_set1_host(param, target.host.c_str(), 0);
  if (done != 1) throw std::bad_alloc();
}

Ssl make_ssl(const Wire& wire, const Approach& approach) {
  Ssl ssl(SSL_new(&approach.context));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), wire.descriptor()) != 1) throw std::bad_alloc();
  danelaw_problem problem{};
  if (approach.route != nullptr) {
    require(danelaw_ssl_set_route_host(ssl.get(), approach.route, approach.host, &problem), problem);
    return ssl;
  }
  if (approach.resolver != nullptr)
    require(danelaw_ssl_set_resolver(ssl.get(), approach.resolver, &problem), problem);
  set_ordinary_name(*ssl, approach.target);
  require(danelaw_ssl_set_plan(ssl.get(), &approach.plan, &problem), problem);
  return ssl;
}

/// 0 where there is no certificate or its date cannot be read.
std::int64_t end_of_certificate(const SSL& ssl) {
  const X509* const certificate = SSL_get0_peer_certificate(&ssl);
  std::tm until{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &until) != 1) return 0;
  return timegm(&until);
}

std::string der_of_certificate(const SSL& ssl) {
  const X509* const certificate = SSL_get0_peer_certificate(&ssl);
  if (certificate == nullptr) return "";
  const int octets = i2d_X509(certificate, nullptr);
  if (octets <= 0) return "";
  std::string der(static_cast<std::size_t>(octets), '\0');
  auto* next = reinterpret_cast<unsigned char*>(der.data());
  return i2d_X509(certificate, &next) == octets ? der : "";
}

void read_verdict(const SSL& ssl, PeerReport& report) {
  danelaw_verdict* raw = nullptr;
  if (danelaw_ssl_get_verdict(&ssl, &raw) != DANELAW_OK) return;
  const Verdict verdict(raw);
  report.has_verdict = true;
  report.verdict = danelaw_verdict_decision(raw);
  report.reason = danelaw_verdict_reason(raw);
  report.accepted = danelaw_verdict_accepted(raw) != 0;
  report.verify_result = danelaw_verdict_verify_result(raw);
  report.match_depth = danelaw_verdict_match_depth(raw);
  report.record = danelaw_verdict_record(raw);
  report.matched_name = danelaw_verdict_matched_name(raw);
  report.chain = danelaw_verdict_chain(raw);
  report.summary = danelaw_verdict_summary(raw);
  report.records = record_lines(*raw);
  report.hint = danelaw_verdict_hint(raw);
  const danelaw_plan* const plan = danelaw_verdict_plan(raw);
  report.outcome = danelaw_plan_outcome(plan);
  report.fault = danelaw_plan_fault(plan);
  report.lookup_text = danelaw_plan_reason(plan);
  report.source = danelaw_plan_origin(plan);
  report.dnssec_chain = danelaw_verdict_dnssec_chain(raw);
  report.protocol = SSL_get_version(&ssl);
}

/// A verdict is about the certificate. Whether the peer has its key, the rest of the handshake shows: one that fails
/// there is as good as none.
void withdraw_acceptance(PeerReport& report) {
  report.has_verdict = false;
  report.verdict = DANELAW_UNDECIDED;
  report.reason = DANELAW_REASON_NONE;
  report.accepted = false;
  report.match_depth = -1;
  report.record = -1;
  report.matched_name.clear();
  report.hint.clear();
}

void judge_peer(SSL& ssl, Wire& wire, PeerReport& report) {
  try {
    shake_hands(ssl, wire);
    report.encrypted = true;
    report.certificate_until = end_of_certificate(ssl);
    report.certificate = der_of_certificate(ssl);
    read_verdict(ssl, report);
    SSL_shutdown(&ssl);
  } catch (const WireError& error) {
    read_verdict(ssl, report);
    // A refusal by the verdict ends the handshake; OpenSSL's word for that adds nothing.
    const bool refused = report.has_verdict && !report.accepted;
    if (!refused) report.error = error.what();
    if (!refused) withdraw_acceptance(report);
  }
}

}  // namespace

PeerReport try_peer(const Address& address, const Approach& approach) {
  PeerReport report;
  report.address = address.text;
  try {
    Wire wire(address, approach.timeout);
    report.connected = true;
    if (approach.starttls != nullptr) {
      wire.begin_step("the STARTTLS dialogue", approach.timeout);
      start_tls(*approach.starttls, wire, approach.target.host);
    }
    const Ssl ssl = make_ssl(wire, approach);
    wire.begin_step("the TLS handshake", approach.timeout);
    judge_peer(*ssl, wire, report);
  } catch (const WireError& error) {
    report.error = error.what();
  }
  return report;
}

}  // namespace danelaw::cli
