#include "signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <stdexcept>

#include "dnssec/digest.hpp"
#include "dnssec/dnskey.hpp"
#include "dnssec/names.hpp"
#include "dnssec/signed_data.hpp"

namespace lab {

namespace {

void require(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL refused to make a key or a signature");
}

EVP_PKEY* generated(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::RsaSha1:
    case Algorithm::RsaSha1Nsec3Sha1:
    case Algorithm::RsaSha256:
    case Algorithm::RsaSha512:
      return EVP_RSA_gen(1024);
    case Algorithm::EcdsaP256Sha256:
      return EVP_EC_gen("P-256");
    case Algorithm::EcdsaP384Sha384:
      return EVP_EC_gen("P-384");
    case Algorithm::Ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case Algorithm::Ed448:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448");
  }
  return nullptr;
}

Buffer number_of(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key, parameter, &number) == 1);
  Buffer octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  BN_free(number);
  return octets;
}

Buffer public_octets(const EVP_PKEY* key) {
  std::size_t size = 0;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    Buffer point(200);
    require(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                            &size) == 1);
    return Buffer(point.begin() + 1, point.begin() + static_cast<std::ptrdiff_t>(size));
  }
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    const Buffer exponent = number_of(key, OSSL_PKEY_PARAM_RSA_E);
    Buffer octets{static_cast<std::uint8_t>(exponent.size())};
    put(octets, exponent);
    put(octets, number_of(key, OSSL_PKEY_PARAM_RSA_N));
    return octets;
  }
  Buffer octets(57);
  size = octets.size();
  require(EVP_PKEY_get_raw_public_key(key, octets.data(), &size) == 1);
  octets.resize(size);
  return octets;
}

const EVP_MD* digest_of(Algorithm algorithm) {
  if (algorithm == Algorithm::Ed25519 || algorithm == Algorithm::Ed448) return nullptr;
  if (algorithm == Algorithm::RsaSha512) return EVP_sha512();
  if (algorithm == Algorithm::EcdsaP384Sha384) return EVP_sha384();
  if (algorithm == Algorithm::RsaSha256 || algorithm == Algorithm::EcdsaP256Sha256) return EVP_sha256();
  return EVP_sha1();
}

/// RFC 6605 section 4.
Buffer r_and_s(const Buffer& der, int number_octets) {
  const unsigned char* at = der.data();
  ECDSA_SIG* const signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  require(signature != nullptr);
  Buffer octets(static_cast<std::size_t>(2 * number_octets));
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), octets.data(), number_octets);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), octets.data() + number_octets, number_octets);
  ECDSA_SIG_free(signature);
  return octets;
}

Buffer dnskey_rdata(std::uint16_t flags, std::uint8_t algorithm, Bytes key) {
  Buffer rdata;
  put_u16(rdata, flags);
  rdata.push_back(3);
  rdata.push_back(algorithm);
  put(rdata, key);
  return rdata;
}

}  // namespace

DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }

ResourceRecord record(const DnsName& owner, RrType type, Buffer rdata, std::uint32_t ttl) {
  return {owner, type, danelaw::dnssec::class_in, ttl, std::move(rdata)};
}

void put_u16(Buffer& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFFU));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}
void put_u32(Buffer& out, std::uint32_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value & 0xFFFFU);
}
void put(Buffer& out, Bytes octets) { out.insert(out.end(), octets.begin(), octets.end()); }

SigningKey SigningKey::make(Algorithm algorithm, std::uint16_t flags) {
  SigningKey key;
  key.m_algorithm = algorithm;
  key.m_key.reset(generated(algorithm), EVP_PKEY_free);
  require(key.m_key != nullptr);
  key.m_dnskey = dnskey_rdata(flags, static_cast<std::uint8_t>(algorithm), public_octets(key.m_key.get()));
  return key;
}

SigningKey SigningKey::seeded(std::uint8_t seed, std::uint16_t flags) {
  const Buffer secret(32, seed);
  SigningKey key;
  key.m_algorithm = Algorithm::Ed25519;
  key.m_key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()),
                  EVP_PKEY_free);
  require(key.m_key != nullptr);
  key.m_dnskey = dnskey_rdata(flags, 15, public_octets(key.m_key.get()));
  return key;
}

std::uint16_t SigningKey::tag() const { return danelaw::dnssec::key_tag(m_dnskey); }

SigningKey SigningKey::with_flags(std::uint16_t flags) const {
  SigningKey other = *this;
  other.m_dnskey = dnskey_rdata(flags, m_dnskey[3], Bytes(m_dnskey).subspan(4));
  return other;
}

SigningKey SigningKey::claiming(std::uint8_t algorithm) const {
  SigningKey other = *this;
  other.m_dnskey[3] = algorithm;
  return other;
}

Buffer SigningKey::sign(Bytes data) const {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  std::size_t size = 1024;
  Buffer signature(size);
  require(EVP_DigestSignInit(context, nullptr, digest_of(m_algorithm), nullptr, m_key.get()) == 1);
  require(EVP_DigestSign(context, signature.data(), &size, data.data(), data.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  if (m_algorithm == Algorithm::EcdsaP256Sha256) return r_and_s(signature, 32);
  if (m_algorithm == Algorithm::EcdsaP384Sha384) return r_and_s(signature, 48);
  return signature;
}

Buffer SigningKey::ds(const DnsName& owner, std::uint8_t digest_type) const {
  Buffer rdata;
  put_u16(rdata, tag());
  rdata.push_back(m_dnskey[3]);
  rdata.push_back(digest_type);
  const auto hash = danelaw::dnssec::supported_digest(digest_type);
  put(rdata,
      hash ? danelaw::dnssec::Hasher(*hash).digest({owner.wire(), m_dnskey}).value() : Buffer(32, 0xAA));
  return rdata;
}

ResourceRecord rrsig(const std::vector<ResourceRecord>& rrset, const SigningKey& key, const DnsName& signer,
                     const Signing& signing) {
  const ResourceRecord& first = rrset.at(0);
  const std::size_t own_labels = danelaw::dnssec::signed_label_count(first.owner);
  Buffer rdata;
  put_u16(rdata, static_cast<std::size_t>(first.type));
  rdata.push_back(key.algorithm());
  rdata.push_back(
      static_cast<std::uint8_t>(signing.labels < 0 ? own_labels : static_cast<std::size_t>(signing.labels)));
  put_u32(rdata, signing.original_ttl);
  put_u32(rdata, static_cast<std::uint32_t>(signing.expiration));
  put_u32(rdata, static_cast<std::uint32_t>(signing.inception));
  put_u16(rdata, key.tag());
  put(rdata, signer.wire());
  danelaw::dnssec::Rrset set{first.owner, first.type, first.ttl, {}, {}};
  for (const ResourceRecord& one : rrset) set.rdatas.emplace_back(one.rdata);
  std::ranges::sort(set.rdatas, [](Bytes a, Bytes b) { return std::ranges::lexicographical_compare(a, b); });
  put(rdata, key.sign(danelaw::dnssec::signed_data(set, danelaw::dnssec::Rrsig::from_rdata(rdata).value())));
  return record(first.owner, RrType::Rrsig, rdata, first.ttl);
}

}  // namespace lab
