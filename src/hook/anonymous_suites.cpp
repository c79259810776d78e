#include "hook/anonymous_suites.hpp"

#include <openssl/objects.h>

namespace danelaw::hook {
namespace {

enum class Which { All, WithCertificate };

/// As SSL_set_cipher_list() takes them: the suites of TLS 1.3 have a list of their own and are not in it.
std::string cipher_list(SSL* ssl, Which which) {
  std::string list;
  STACK_OF(SSL_CIPHER)* ciphers = SSL_get_ciphers(ssl);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, i);
    const int authentication = SSL_CIPHER_get_auth_nid(cipher);
    if (authentication == NID_auth_any) continue;
    if (authentication == NID_auth_null && which == Which::WithCertificate) continue;
    if (!list.empty()) list += ':';
    list += SSL_CIPHER_get_name(cipher);
  }
  return list;
}

}  // namespace

bool AnonymousSuites::are_listed(SSL* ssl) {
  STACK_OF(SSL_CIPHER)* ciphers = SSL_get_ciphers(ssl);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
    if (SSL_CIPHER_get_auth_nid(sk_SSL_CIPHER_value(ciphers, i)) == NID_auth_null) return true;
  return false;
}

void AnonymousSuites::withdraw(SSL* ssl) {
  std::string before = cipher_list(ssl, Which::All);
  std::string without = cipher_list(ssl, Which::WithCertificate);
  if (without.empty() || SSL_set_cipher_list(ssl, without.c_str()) != 1) return;
  m_before = std::move(before);
  m_withdrawn = std::move(without);
}

void AnonymousSuites::give_back(SSL* ssl) {
  if (m_before.empty()) return;
  if (cipher_list(ssl, Which::All) == m_withdrawn) SSL_set_cipher_list(ssl, m_before.c_str());
  m_before.clear();
  m_withdrawn.clear();
}

}  // namespace danelaw::hook
