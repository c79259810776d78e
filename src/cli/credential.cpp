#include "credential.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <new>
#include <optional>
#include <utility>

#include "exit.hpp"
#include "files.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

constexpr std::size_t max_subject_octets = 200;

/// i2d_… of `object` as a string; empty where there is no encoding.
template <class T>
std::string encoded(int (*encode)(T, unsigned char**), T object) {
  unsigned char* der = nullptr;
  const int octets = encode(object, &der);
  if (octets <= 0) return "";
  std::string result(reinterpret_cast<const char*>(der), static_cast<std::size_t>(octets));
  OPENSSL_free(der);
  return result;
}

/// What a block holds, and how much of it is left over. Null: it holds no such thing.
template <class Owner>
struct Decoded {
  Owner object;
  std::size_t left = 0;
};

template <class Owner, class Decode>
Decoded<Owner> decode(std::string_view der, Decode decoder) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  Owner object(decoder(&at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (object == nullptr) return {};
  return {std::move(object), static_cast<std::size_t>(end - at)};
}

Decoded<Certificate> as_certificate(std::string_view der) {
  return decode<Certificate>(der, [](auto** at, long n) { return d2i_X509(nullptr, at, n); });
}
/// With OpenSSL's own notes behind it.
Decoded<Certificate> as_trusted_certificate(std::string_view der) {
  return decode<Certificate>(der, [](auto** at, long n) { return d2i_X509_AUX(nullptr, at, n); });
}
Decoded<Request> as_request(std::string_view der) {
  return decode<Request>(der, [](auto** at, long n) { return d2i_X509_REQ(nullptr, at, n); });
}
Decoded<Key> as_public_key(std::string_view der) {
  return decode<Key>(der, [](auto** at, long n) { return d2i_PUBKEY(nullptr, at, n); });
}
Decoded<Key> as_rsa_public_key(std::string_view der) {
  return decode<Key>(der, [](auto** at, long n) { return d2i_PublicKey(EVP_PKEY_RSA, nullptr, at, n); });
}
Decoded<Key> as_private_key(std::string_view der) {
  return decode<Key>(der, [](auto** at, long n) { return d2i_AutoPrivateKey(nullptr, at, n); });
}
bool is_encrypted_key(std::string_view der) {
  using Encrypted = std::unique_ptr<X509_SIG, Free<X509_SIG_free>>;
  const auto found = decode<Encrypted>(der, [](auto** at, long n) { return d2i_X509_SIG(nullptr, at, n); });
  return found.object != nullptr;
}
bool is_pkcs12(std::string_view der) {
  using Pkcs12 = std::unique_ptr<PKCS12, Free<PKCS12_free>>;
  return decode<Pkcs12>(der, [](auto** at, long n) { return d2i_PKCS12(nullptr, at, n); }).object != nullptr;
}

/// Fills a Credential with what a file holds, block after block.
class Collector final {
 public:
  explicit Collector(const std::string& source) : m_source(source) {}

  void take_pem(const std::string& label, const std::string& header, std::string_view der) {
    if (label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD) return add(label, as_certificate(der));
    if (label == PEM_STRING_X509_TRUSTED) return add(label, as_trusted_certificate(der));
    if (label == PEM_STRING_X509_REQ || label == PEM_STRING_X509_REQ_OLD) return add(label, as_request(der));
    if (label == PEM_STRING_PUBLIC) return add_public(label, as_public_key(der));
    if (label == PEM_STRING_RSA_PUBLIC) return add_public(label, as_rsa_public_key(der));
    if (label == PEM_STRING_ECPARAMETERS || label == PEM_STRING_DHPARAMS) return;
    if (label == PEM_STRING_PKCS8 || header.find("ENCRYPTED") != std::string::npos) refuse_encrypted();
    const bool is_private_key = label.ends_with("PRIVATE KEY") && label != "OPENSSH PRIVATE KEY";
    if (is_private_key) return add_private(label, as_private_key(der));
    throw wrong(fmt::format("holds \"{}\"; a certificate, a request or a key is needed", printable(label)));
  }

  void take_der(std::string_view der) {
    if (auto found = as_certificate(der); found.object) return add("DER certificate", std::move(found));
    if (auto found = as_request(der); found.object) return add("DER request", std::move(found));
    if (auto found = as_public_key(der); found.object) return add_public("DER key", std::move(found));
    if (is_encrypted_key(der)) refuse_encrypted();
    if (is_pkcs12(der))
      throw wrong("is PKCS#12; take the certificates out: openssl pkcs12 -in FILE -nokeys | danelaw tlsa -");
    if (auto found = as_private_key(der); found.object) return add_private("DER key", std::move(found));
    throw wrong(der.empty() ? "is empty"
                            : "is neither PEM nor whole DER of a certificate, a request or a key");
  }

  /// All blocks have been taken.
  Credential finish() {
    m_credential.source = m_source;
    if (!m_credential.certificates.empty()) {
      refuse_strange_key();
      return credential_of(std::move(m_credential.certificates), m_source);
    }
    if (m_request) {
      m_credential.kind = CredentialKind::Request;
      m_credential.subject = text_of(*X509_REQ_get_subject_name(m_request.get()));
      m_credential.public_key =
          encoded<const X509_PUBKEY*>(i2d_X509_PUBKEY, X509_REQ_get_X509_PUBKEY(m_request.get()));
    } else if (m_key) {
      m_credential.kind = m_key_is_private ? CredentialKind::PrivateKey : CredentialKind::PublicKey;
      m_credential.public_key = encoded<const EVP_PKEY*>(i2d_PUBKEY, m_key.get());
    } else {
      throw wrong("holds no certificate, request or key");
    }
    if (m_credential.public_key.empty()) throw wrong("holds a key that has no public part here");
    return std::move(m_credential);
  }

  [[nodiscard]] Failure wrong(const std::string& what) const {
    return usage(fmt::format("{}: {}", printable(m_source), what));
  }

  static std::string text_of(const X509_NAME& name) {
    const Bio memory(BIO_new(BIO_s_mem()));
    if (memory == nullptr) throw std::bad_alloc();
    X509_NAME_print_ex(memory.get(), &name, 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const long octets = BIO_get_mem_data(memory.get(), &text);
    const std::string whole = printable({text, octets > 0 ? static_cast<std::size_t>(octets) : 0});
    return whole.size() <= max_subject_octets ? whole : whole.substr(0, max_subject_octets) + "...";
  }

 private:
  [[noreturn]] void refuse_encrypted() const {
    throw wrong("the key is encrypted; give its public part: openssl pkey -in FILE -pubout | danelaw tlsa -");
  }

  template <class Owner>
  void require_whole(const std::string& label, const Decoded<Owner>& found) const {
    if (found.object == nullptr) throw wrong(fmt::format("the {} is damaged or cut short", label));
    if (found.left != 0) throw wrong(fmt::format("{} octets follow the {}", found.left, label));
  }

  void add(const std::string& label, Decoded<Certificate> found) {
    require_whole(label, found);
    if (m_credential.certificates.size() == max_certificates)
      throw wrong(
          fmt::format("holds more than {} certificates; give those that one server sends", max_certificates));
    m_credential.certificates.push_back(std::move(found.object));
  }
  void add(const std::string& label, Decoded<Request> found) {
    require_whole(label, found);
    if (m_request) throw wrong("holds more than one request");
    m_request = std::move(found.object);
  }
  void add_public(const std::string& label, Decoded<Key> found) { add_key(label, std::move(found), false); }
  void add_private(const std::string& label, Decoded<Key> found) { add_key(label, std::move(found), true); }
  void add_key(const std::string& label, Decoded<Key> found, bool is_private) {
    require_whole(label, found);
    if (m_key) throw wrong("holds more than one key");
    m_key = std::move(found.object);
    m_key_is_private = is_private;
  }

  /// A key beside certificates must be the leaf's, or one of the two is not what was meant.
  void refuse_strange_key() const {
    if (!m_key) return;
    EVP_PKEY* const own = X509_get0_pubkey(m_credential.certificates.front().get());
    const bool same = own != nullptr && EVP_PKEY_eq(own, m_key.get()) == 1;
    ERR_clear_error();
    if (!same) throw wrong("the key is not that of the first certificate");
  }

  std::string m_source;
  Credential m_credential;
  Request m_request;
  Key m_key;
  bool m_key_is_private = false;
};

/// One block of PEM, as OpenSSL hands it out. What may be a private key is overwritten in the end.
struct PemBlock {
  ~PemBlock() {
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(octets));
  }
  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;

  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long octets = 0;
};

void take_all_pem(std::string_view text, Collector& collector) {
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (memory == nullptr) throw std::bad_alloc();
  for (;;) {
    PemBlock block;
    ERR_clear_error();
    if (PEM_read_bio(memory.get(), &block.label, &block.header, &block.data, &block.octets) != 1) break;
    collector.take_pem(block.label, block.header,
                       {reinterpret_cast<const char*>(block.data), static_cast<std::size_t>(block.octets)});
  }
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (reason != PEM_R_NO_START_LINE) throw collector.wrong("the PEM is damaged or cut short");
}

}  // namespace

const char* to_string(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::Certificates:
      return "certificate";
    case CredentialKind::Request:
      return "request";
    case CredentialKind::PublicKey:
      return "public key";
    case CredentialKind::PrivateKey:
      return "private key";
  }
  return "";
}

std::string der_of(const X509& certificate) { return encoded<const X509*>(i2d_X509, &certificate); }

std::string public_key_of(const X509& certificate) {
  return encoded<const X509_PUBKEY*>(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(&certificate));
}

std::string subject_of(const X509& certificate) {
  return Collector::text_of(*X509_get_subject_name(&certificate));
}

std::string issuer_of(const X509& certificate) {
  return Collector::text_of(*X509_get_issuer_name(&certificate));
}

Credential credential_of(std::vector<Certificate> certificates, const std::string& source) {
  Credential credential;
  credential.source = source;
  credential.public_key = public_key_of(*certificates.front());
  credential.subject = subject_of(*certificates.front());
  credential.certificates = std::move(certificates);
  return credential;
}

Credential credential_of(std::string_view octets, const std::string& source) {
  Collector collector(source);
  if (octets.find("-----BEGIN ") == std::string_view::npos) {
    collector.take_der(octets);
  } else {
    take_all_pem(octets, collector);
  }
  return collector.finish();
}

Credential read_credential(const std::string& path) {
  const bool from_stdin = path == "-";
  std::string octets =
      read_file(from_stdin ? "/dev/stdin" : path, max_credential_octets, "a certificate or key");
  struct Overwrite {
    std::string& text;
    ~Overwrite() { OPENSSL_cleanse(text.data(), text.size()); }
  };
  const Overwrite overwrite{octets};
  return credential_of(octets, from_stdin ? "standard input" : path);
}

}  // namespace danelaw::cli
