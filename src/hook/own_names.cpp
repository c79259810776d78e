#include "hook/own_names.hpp"

#include <openssl/x509v3.h>

#include <memory>
#include <vector>

namespace danelaw::hook {
namespace {

struct OpensslFree {
  void operator()(char* text) const { OPENSSL_free(text); }
};

/// SSL_set_tlsext_host_name() without its cast. Null takes SNI away.
bool put_server_name(SSL* ssl, const char* name) {
  return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name)) == 1;
}

std::vector<std::string> hosts_of(X509_VERIFY_PARAM* param) {
  std::vector<std::string> hosts;
  for (int i = 0; const char* host = X509_VERIFY_PARAM_get0_host(param, i); ++i) hosts.emplace_back(host);
  return hosts;
}

/// Empty where none is set, which OpenSSL takes for an error.
std::string address_of(X509_VERIFY_PARAM* param) {
  const std::unique_ptr<char, OpensslFree> text(X509_VERIFY_PARAM_get1_ip_asc(param));
  return text == nullptr ? "" : text.get();
}

void remove_host(X509_VERIFY_PARAM* param, const std::string& host) {
  const std::vector<std::string> hosts = hosts_of(param);
  X509_VERIFY_PARAM_set1_host(param, nullptr, 0);
  for (const std::string& other : hosts)
    if (other != host) X509_VERIFY_PARAM_add1_host(param, other.data(), other.size());
}

}  // namespace

bool OwnNames::set_server_name(SSL* ssl, const std::string& name) {
  if (!put_server_name(ssl, name.c_str())) return false;
  m_server_name = name;
  return true;
}

bool OwnNames::confirm_server_name(SSL* ssl, const std::string& name) {
  return put_server_name(ssl, name.c_str());
}

bool OwnNames::set(SSL* ssl, const Lookup& lookup, const std::string& server_name, OwnAddress own_address) {
  take_back(ssl);
  if (!server_name.empty() && !set_server_name(ssl, server_name)) return false;

  // RFC 7672: a mail server without DANE is not authenticated, so there is no name to verify.
  if (lookup.policy().profile == verify::Profile::Smtp) return true;
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_get0_host(param, 0) != nullptr) return true;
  const bool is_address = lookup.own_server_name().empty();
  if ((is_address || own_address == OwnAddress::Alone) && !address_of(param).empty()) return true;
  const std::string& host = lookup.service().host;
  if (!is_address) {
    // SSL_set1_host() would first try once more whether it is an address.
    if (X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()) != 1) return false;
    m_verified = host;
    return true;
  }
  const std::string address = host.substr(0, host.find('%'));
  if (X509_VERIFY_PARAM_set1_ip_asc(param, address.c_str()) != 1) return false;
  m_verified = address_of(param);
  return true;
}

bool OwnNames::verified_host_is_ours(SSL* ssl) const {
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  const char* host = X509_VERIFY_PARAM_get0_host(param, 0);
  return host != nullptr && host == m_verified && X509_VERIFY_PARAM_get0_host(param, 1) == nullptr;
}

void OwnNames::take_back(SSL* ssl) {
  const char* server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (server_name != nullptr && server_name == m_server_name) put_server_name(ssl, nullptr);
  m_server_name.clear();

  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  if (!m_verified.empty()) {
    remove_host(param, m_verified);
    if (address_of(param) == m_verified) X509_VERIFY_PARAM_set1_ip(param, nullptr, 0);
  }
  m_verified.clear();
}

}  // namespace danelaw::hook
