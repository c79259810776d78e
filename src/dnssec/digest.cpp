#include "dnssec/digest.hpp"

#include "dnssec/quiet_errors.hpp"

namespace danelaw::dnssec {

namespace {

const char* openssl_name(Hash hash) {
  switch (hash) {
    case Hash::Sha1:
      return "SHA1";
    case Hash::Sha256:
      return "SHA2-256";
    case Hash::Sha384:
      return "SHA2-384";
  }
  return "";
}

}  // namespace

Hasher::Hasher(Hash hash) {
  const QuietErrors quiet;
  m_md.reset(EVP_MD_fetch(nullptr, openssl_name(hash), nullptr));
  m_context.reset(EVP_MD_CTX_new());
}

std::optional<Buffer> Hasher::digest(std::initializer_list<Bytes> parts) {
  const QuietErrors quiet;
  if (!m_md || !m_context || EVP_DigestInit_ex(m_context.get(), m_md.get(), nullptr) != 1)
    return std::nullopt;
  for (const Bytes part : parts) {
    if (EVP_DigestUpdate(m_context.get(), part.data(), part.size()) != 1) return std::nullopt;
  }
  Buffer octets(EVP_MAX_MD_SIZE);
  unsigned length = 0;
  if (EVP_DigestFinal_ex(m_context.get(), octets.data(), &length) != 1) return std::nullopt;
  octets.resize(length);
  return octets;
}

}  // namespace danelaw::dnssec
