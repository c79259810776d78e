#include "tlsa/matching.hpp"

#include <openssl/evp.h>

#include <utility>

#include "tlsa/error_queue.hpp"

namespace danelaw::tlsa {

namespace {

/// DER of `object` by OpenSSL's encoder `i2d`; empty where it fails.
template <class Object, class Encoder>
Buffer encoded(Object* object, Encoder i2d) {
  const int length = i2d(object, nullptr);
  if (length <= 0) return {};
  Buffer der(static_cast<std::size_t>(length));
  unsigned char* at = der.data();
  if (i2d(object, &at) != length) return {};
  return der;
}

void append_der_header(Buffer& der, std::uint8_t tag, std::size_t length) {
  der.push_back(tag);
  if (length >= 0x100) {
    der.insert(der.end(), {0x82, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  } else if (length >= 0x80) {
    der.insert(der.end(), {0x81, static_cast<std::uint8_t>(length)});
  } else {
    der.push_back(static_cast<std::uint8_t>(length));
  }
}

std::size_t der_header_octets(std::size_t length) { return length >= 0x100 ? 4 : length >= 0x80 ? 3 : 2; }

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING } (RFC 5280
/// section 4.1). It is on the path of every acceptance, and putting its two parts together costs half of what
/// OpenSSL's template does; where a part is out of the ordinary the template has the word.
Buffer encoded_spki(X509* certificate) {
  constexpr std::uint8_t sequence_tag = 0x30;
  constexpr std::uint8_t bit_string_tag = 0x03;
  constexpr std::size_t longest_key = 0xF000;
  constexpr long unused_bits_mask = 7;

  X509_PUBKEY* const info = X509_get_X509_PUBKEY(certificate);
  const ASN1_BIT_STRING* const bits = X509_get0_pubkey_bitstr(certificate);
  X509_ALGOR* algorithm = nullptr;
  if (bits == nullptr || X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, info) != 1) return {};
  const bool whole_octets =
      (bits->flags & (ASN1_STRING_FLAG_BITS_LEFT | unused_bits_mask)) == ASN1_STRING_FLAG_BITS_LEFT;
  const auto key_octets =
      static_cast<std::size_t>(ASN1_STRING_length(bits)) + 1;  // how many bits are unused: none
  const int algorithm_length = i2d_X509_ALGOR(algorithm, nullptr);
  if (!whole_octets || algorithm_length <= 0 ||
      key_octets + static_cast<std::size_t>(algorithm_length) > longest_key)
    return encoded(info, i2d_X509_PUBKEY);

  const auto algorithm_octets = static_cast<std::size_t>(algorithm_length);
  const std::size_t content = algorithm_octets + der_header_octets(key_octets) + key_octets;
  Buffer der;
  der.reserve(der_header_octets(content) + content);
  append_der_header(der, sequence_tag, content);
  const std::size_t algorithm_at = der.size();
  der.resize(algorithm_at + algorithm_octets);
  unsigned char* at = der.data() + algorithm_at;
  if (i2d_X509_ALGOR(algorithm, &at) != algorithm_length) return {};
  append_der_header(der, bit_string_tag, key_octets);
  der.push_back(0);
  der.insert(der.end(), ASN1_STRING_get0_data(bits), ASN1_STRING_get0_data(bits) + key_octets - 1);
  return der;
}

Buffer encoded_content(X509* certificate, Selector selector) {
  switch (selector) {
    // RFC 6698 section 2.1.2: the whole certificate, or its SubjectPublicKeyInfo, as DER.
    case Selector::Cert:
      return encoded(certificate, i2d_X509);
    case Selector::Spki:
      return encoded_spki(certificate);
  }
  return {};
}

/// The algorithm, fetched once for the process: OpenSSL would look it up anew for every digest, which costs
/// twice as much as the digest of a key. A constant that is never freed, since nothing tells when the last
/// thread is done.
const EVP_MD* sha2_256() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  return fetched != nullptr ? fetched : EVP_sha256();
}
const EVP_MD* sha2_512() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA2-512", nullptr);
  return fetched != nullptr ? fetched : EVP_sha512();
}

Buffer digested(Bytes octets, const EVP_MD* (*algorithm)()) {
  const EVP_MD* const digest = algorithm();
  Buffer value(static_cast<std::size_t>(EVP_MD_get_size(digest)));
  if (EVP_Digest(octets.data(), octets.size(), value.data(), nullptr, digest, nullptr) != 1) return {};
  return value;
}

Buffer presented_content(Bytes selected, MatchingType matching_type) {
  if (selected.empty()) return {};
  switch (matching_type) {
    case MatchingType::Full:
      return to_buffer(selected);
    case MatchingType::Sha2_256:
      return digested(selected, sha2_256);
    case MatchingType::Sha2_512:
      return digested(selected, sha2_512);
  }
  return {};
}

/// WARNING: content that could not be encoded must match nothing, neither empty data nor the digest of
/// nothing.
bool agrees(Bytes association_data, Bytes presented) {
  return !presented.empty() && equal(association_data, presented);
}

}  // namespace

PeerCertificate::PeerCertificate(X509* certificate) : m_certificate(certificate) {
  X509_up_ref(m_certificate);
}

PeerCertificate::~PeerCertificate() { X509_free(m_certificate); }

PeerCertificate::PeerCertificate(PeerCertificate&& other) noexcept
    : m_certificate(std::exchange(other.m_certificate, nullptr)), m_contents(std::move(other.m_contents)) {}

PeerCertificate& PeerCertificate::operator=(PeerCertificate&& other) noexcept {
  std::swap(m_certificate, other.m_certificate);
  std::swap(m_contents, other.m_contents);
  return *this;
}

Bytes PeerCertificate::selected(Selector selector) const { return presented(selector, MatchingType::Full); }

Bytes PeerCertificate::presented(Selector selector, MatchingType matching_type) const {
  auto& contents = m_contents.at(static_cast<std::size_t>(selector));
  auto& wanted = contents.at(static_cast<std::size_t>(matching_type));
  if (wanted) return *wanted;
  const QuietErrors quiet;
  auto& whole = contents.at(static_cast<std::size_t>(MatchingType::Full));
  if (!whole) whole = encoded_content(m_certificate, selector);
  if (!wanted) wanted = presented_content(*whole, matching_type);
  return *wanted;
}

Buffer presented(Bytes selected, MatchingType matching_type) {
  const QuietErrors quiet;
  return presented_content(selected, matching_type);
}

bool matches(const UsableRecord& record, const PeerCertificate& certificate) {
  return agrees(record.association_data(), certificate.presented(record.selector(), record.matching_type()));
}

bool matches_key(const UsableRecord& record, Bytes spki_der) {
  if (record.selector() != Selector::Spki) return false;
  if (record.matching_type() == MatchingType::Full) return agrees(record.association_data(), spki_der);
  return agrees(record.association_data(), presented(spki_der, record.matching_type()));
}

}  // namespace danelaw::tlsa
