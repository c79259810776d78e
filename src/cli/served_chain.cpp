#include "served_chain.hpp"

#include <fmt/format.h>

#include <new>
#include <utility>

#include "addresses.hpp"
#include "handshake.hpp"

namespace danelaw::cli {
namespace {

SslContext make_context() {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  return context;
}

Ssl make_ssl(SSL_CTX& context, const Wire& wire, const Target& target) {
  Ssl ssl(SSL_new(&context));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), wire.descriptor()) != 1) throw std::bad_alloc();
  if (target.is_address) return ssl;                          // no SNI (RFC 6066 section 3)
  char* const name = const_cast<char*>(target.host.c_str());  // copied; the macro for this casts in C's way
  if (SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) != 1)
    throw std::bad_alloc();
  return ssl;
}

std::vector<Certificate> certificates_of(const SSL& ssl) {
  std::vector<Certificate> certificates;
  STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(&ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* const certificate = sk_X509_value(chain, i);
    X509_up_ref(certificate);
    certificates.emplace_back(certificate);
  }
  return certificates;
}

ServedChain ask(SSL_CTX& context, const Address& address, const Target& target, const StartTls* starttls,
                std::chrono::milliseconds timeout) {
  ServedChain served{address.text, "", std::nullopt};
  try {
    Wire wire(address, timeout);
    if (starttls != nullptr) {
      wire.begin_step("the STARTTLS dialogue", timeout);
      start_tls(*starttls, wire, target.host);
    }
    const Ssl ssl = make_ssl(context, wire, target);
    wire.begin_step("the TLS handshake", timeout);
    shake_hands(*ssl, wire);
    std::vector<Certificate> certificates = certificates_of(*ssl);
    if (certificates.empty()) throw WireError("the server sent no certificate");
    served.credential =
        credential_of(std::move(certificates), fmt::format("{} at {}", target.to_text(), address.text));
    SSL_shutdown(ssl.get());
  } catch (const WireError& error) {
    served.error = error.what();
  }
  return served;
}

}  // namespace

std::vector<ServedChain> served_chains(const Target& target, const StartTls* starttls,
                                       std::chrono::milliseconds timeout) {
  const SslContext context = make_context();
  const AddressList list = AddressSearch(target.host, target.port, Family::Any).wait(timeout);
  std::vector<ServedChain> chains;
  for (const Address& address : list.addresses)
    chains.push_back(ask(*context, address, target, starttls, timeout));
  if (chains.empty()) chains.push_back({target.host, list.problem, std::nullopt});
  return chains;
}

}  // namespace danelaw::cli
