#include "dnssec/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "dnssec/quiet_errors.hpp"

namespace danelaw::dnssec {

namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

EVP_PKEY* key_of(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return key;
}

struct RsaNumbers {
  Bytes exponent;
  Bytes modulus;
};

/// RFC 3110 section 2: the exponent's length in one octet, or in two behind a zero; leading zero octets are prohibited
/// in both numbers.
std::optional<RsaNumbers> take_rsa_numbers(Bytes key) {
  ByteReader reader(key);
  const auto short_length = reader.take_u8();
  if (!short_length) return std::nullopt;
  std::size_t length = *short_length;
  if (length == 0) {
    const auto long_length = reader.take_u16();
    if (!long_length || *long_length < 0x100) return std::nullopt;
    length = *long_length;
  }
  const auto exponent = reader.take(length);
  if (!exponent) return std::nullopt;
  const Bytes modulus = reader.take_rest();
  if (modulus.empty() || exponent->front() == 0 || modulus.front() == 0) return std::nullopt;
  return RsaNumbers{*exponent, modulus};
}

bool acceptable(const RsaNumbers& rsa, Algorithm algorithm) {
  const std::size_t least = algorithm == Algorithm::RsaSha512 ? min_rsa_sha512_octets : min_rsa_octets;
  if (rsa.modulus.size() < least || rsa.modulus.size() > max_rsa_octets) return false;
  if (rsa.exponent.size() > max_rsa_exponent_octets) return false;
  // Even numbers are no RSA keys, and with the exponent 1 every "signature" is its own message.
  const bool odd = (rsa.exponent.back() & 1U) != 0 && (rsa.modulus.back() & 1U) != 0;
  return odd && !(rsa.exponent.size() == 1 && rsa.exponent.front() == 1);
}

EVP_PKEY* rsa_key(Algorithm algorithm, Bytes key) {
  const auto rsa = take_rsa_numbers(key);
  if (!rsa || !acceptable(*rsa, algorithm)) return nullptr;
  const auto number = [](Bytes octets) {
    return Owned<BIGNUM>(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  };
  const auto modulus = number(rsa->modulus);
  const auto exponent = number(rsa->exponent);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || !builder) return nullptr;
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1) return nullptr;
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) return nullptr;
  return key_of("RSA", builder.get());
}

/// RFC 6605 section 4: the coordinates x and y, one behind the other.
EVP_PKEY* ecdsa_key(const char* group, std::size_t coordinate_octets, Bytes key) {
  if (key.size() != 2 * coordinate_octets) return nullptr;
  Buffer point{0x04};  // X9.62: uncompressed
  point.insert(point.end(), key.begin(), key.end());
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (!builder) return nullptr;
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1)
    return nullptr;
  if (OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
      1)
    return nullptr;
  return key_of("EC", builder.get());
}

/// RFC 8080 section 3. OpenSSL refuses other lengths.
EVP_PKEY* eddsa_key(int type, Bytes key) {
  return EVP_PKEY_new_raw_public_key(type, nullptr, key.data(), key.size());
}

EVP_PKEY* new_key(Algorithm algorithm, Bytes key) {
  switch (algorithm) {
    case Algorithm::RsaSha1:
    case Algorithm::RsaSha1Nsec3Sha1:
    case Algorithm::RsaSha256:
    case Algorithm::RsaSha512:
      return rsa_key(algorithm, key);
    case Algorithm::EcdsaP256Sha256:
      return ecdsa_key("P-256", 32, key);
    case Algorithm::EcdsaP384Sha384:
      return ecdsa_key("P-384", 48, key);
    case Algorithm::Ed25519:
      return eddsa_key(EVP_PKEY_ED25519, key);
    case Algorithm::Ed448:
      return eddsa_key(EVP_PKEY_ED448, key);
  }
  return nullptr;
}

/// Null for EdDSA, which hashes by itself.
const EVP_MD* digest_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::RsaSha1:
    case Algorithm::RsaSha1Nsec3Sha1:
      return EVP_sha1();
    case Algorithm::RsaSha256:
    case Algorithm::EcdsaP256Sha256:
      return EVP_sha256();
    case Algorithm::RsaSha512:
      return EVP_sha512();
    case Algorithm::EcdsaP384Sha384:
      return EVP_sha384();
    case Algorithm::Ed25519:
    case Algorithm::Ed448:
      return nullptr;
  }
  return nullptr;
}

void append_der_integer(Buffer& der, Bytes number) {
  while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
  const bool looks_negative = (number.front() & 0x80U) != 0;
  der.push_back(0x02);
  der.push_back(static_cast<std::uint8_t>(number.size() + (looks_negative ? 1 : 0)));
  if (looks_negative) der.push_back(0);
  der.insert(der.end(), number.begin(), number.end());
}

/// RFC 6605 section 4: r and s one behind the other; OpenSSL takes a SEQUENCE of two INTEGERs, at most 102 octets.
std::optional<Buffer> der_signature(Bytes signature, std::size_t number_octets) {
  if (signature.size() != 2 * number_octets) return std::nullopt;
  Buffer numbers;
  append_der_integer(numbers, signature.first(number_octets));
  append_der_integer(numbers, signature.last(number_octets));
  Buffer der{0x30, static_cast<std::uint8_t>(numbers.size())};
  der.insert(der.end(), numbers.begin(), numbers.end());
  return der;
}

/// The signature as OpenSSL takes it; nothing where its length is not the algorithm's.
std::optional<Buffer> openssl_signature(Algorithm algorithm, const EVP_PKEY* key, Bytes signature) {
  if (algorithm == Algorithm::EcdsaP256Sha256) return der_signature(signature, 32);
  if (algorithm == Algorithm::EcdsaP384Sha384) return der_signature(signature, 48);
  if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return std::nullopt;
  return to_buffer(signature);
}

}  // namespace

std::shared_ptr<const PublicKey> PublicKey::from_dnskey(Algorithm algorithm, Bytes key) {
  const QuietErrors quiet;
  EVP_PKEY* const made = new_key(algorithm, key);
  if (made == nullptr) return nullptr;
  return std::shared_ptr<const PublicKey>(new PublicKey(algorithm, made));
}

bool PublicKey::verifies(Bytes data, Bytes signature) const {
  const QuietErrors quiet;
  const auto octets = openssl_signature(m_algorithm, m_key.get(), signature);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (!octets || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest_of(m_algorithm), nullptr, m_key.get()) != 1)
    return false;
  // Only 1 is success: a negative value is a failure, too.
  return EVP_DigestVerify(context.get(), octets->data(), octets->size(), data.data(), data.size()) == 1;
}

}  // namespace danelaw::dnssec
