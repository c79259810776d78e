#include "tlsa/matching.hpp"

#include <openssl/objects.h>

#include <optional>
#include <utility>

#include "base/digest.hpp"
#include "base/quiet_errors.hpp"

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

constexpr std::uint8_t sequence_tag = 0x30;
constexpr std::uint8_t bit_string_tag = 0x03;
constexpr std::uint8_t object_tag = 0x06;
constexpr std::size_t longest_short_form = 0x7F;
constexpr std::size_t longest_key = 0xF000;

void append_der_header(Buffer& der, std::uint8_t tag, std::size_t length) {
  der.push_back(tag);
  if (length > 0xFF) {
    der.insert(der.end(), {0x82, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  } else if (length > longest_short_form) {
    der.insert(der.end(), {0x81, static_cast<std::uint8_t>(length)});
  } else {
    der.push_back(static_cast<std::uint8_t>(length));
  }
}

std::size_t der_header_octets(std::size_t length) {
  return length > 0xFF ? 4 : length > longest_short_form ? 3 : 2;
}

void append_object(Buffer& der, const ASN1_OBJECT* object) {
  append_der_header(der, object_tag, OBJ_length(object));
  der.insert(der.end(), OBJ_get0_data(object), OBJ_get0_data(object) + OBJ_length(object));
}

/// Octets of an AlgorithmIdentifier's contents: an object identifier, and as parameters nothing, NULL, or another one (a curve).
/// Nothing where the algorithm is out of this ordinary.
std::optional<std::size_t> algorithm_octets(const ASN1_OBJECT* object, int type, const void* parameters) {
  constexpr std::size_t null_octets = 2;
  std::size_t octets = der_header_octets(OBJ_length(object)) + OBJ_length(object);
  if (type == V_ASN1_OBJECT) {
    const std::size_t curve = OBJ_length(static_cast<const ASN1_OBJECT*>(parameters));
    octets += der_header_octets(curve) + curve;
  } else if (type == V_ASN1_NULL) {
    octets += null_octets;
  } else if (type != V_ASN1_UNDEF) {
    return std::nullopt;
  }
  if (octets > longest_short_form) return std::nullopt;
  return octets;
}

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING } (RFC 5280
/// section 4.1). It is on the path of every acceptance, and putting its parts together costs a fifth of what OpenSSL's
/// templates do; where a part is out of the ordinary they have the word.
Buffer encoded_spki(X509* certificate) {
  constexpr long unused_bits_mask = 7;
  X509_PUBKEY* const info = X509_get_X509_PUBKEY(certificate);
  const ASN1_BIT_STRING* const bits = X509_get0_pubkey_bitstr(certificate);
  X509_ALGOR* algorithm = nullptr;
  if (bits == nullptr || X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, info) != 1) return {};
  const ASN1_OBJECT* object = nullptr;
  const void* parameters = nullptr;
  int type = V_ASN1_UNDEF;
  X509_ALGOR_get0(&object, &type, &parameters, algorithm);
  const auto algorithm_length = algorithm_octets(object, type, parameters);
  const bool whole_octets =
      (bits->flags & (ASN1_STRING_FLAG_BITS_LEFT | unused_bits_mask)) == ASN1_STRING_FLAG_BITS_LEFT;
  const auto key_octets =
      static_cast<std::size_t>(ASN1_STRING_length(bits)) + 1;  // how many bits are unused: none
  if (!whole_octets || !algorithm_length || key_octets > longest_key) return encoded(info, i2d_X509_PUBKEY);

  const std::size_t content =
      der_header_octets(*algorithm_length) + *algorithm_length + der_header_octets(key_octets) + key_octets;
  Buffer der;
  der.reserve(der_header_octets(content) + content);
  append_der_header(der, sequence_tag, content);
  append_der_header(der, sequence_tag, *algorithm_length);
  append_object(der, object);
  if (type == V_ASN1_OBJECT) append_object(der, static_cast<const ASN1_OBJECT*>(parameters));
  if (type == V_ASN1_NULL) der.insert(der.end(), {V_ASN1_NULL, 0});
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

Buffer presented_content(Bytes selected, MatchingType matching_type) {
  if (selected.empty()) return {};
  switch (matching_type) {
    case MatchingType::Full:
      return to_buffer(selected);
    case MatchingType::Sha2_256:
      return digest_of(selected, sha2_256());
    case MatchingType::Sha2_512:
      return digest_of(selected, sha2_512());
  }
  return {};
}

/// WARNING: content that could not be encoded must match nothing, neither empty data nor the digest of
/// nothing.
bool agrees(Bytes association_data, Bytes presented) {
  return !presented.empty() && equal(association_data, presented);
}

/// The same for content that is not yet presented as the record's matching type does.
bool agrees(const UsableRecord& record, Bytes selected) {
  if (record.matching_type() == MatchingType::Full) return agrees(record.association_data(), selected);
  return agrees(record.association_data(), presented_content(selected, record.matching_type()));
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

bool matches(const UsableRecord& record, X509* certificate) {
  return agrees(record, encoded_content(certificate, record.selector()));
}

bool matches_key(const UsableRecord& record, Bytes spki_der) {
  const QuietErrors quiet;
  return record.selector() == Selector::Spki && agrees(record, spki_der);
}

}  // namespace danelaw::tlsa
