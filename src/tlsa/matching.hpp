// Selectors and matching types (RFC 6698 sections 2.1.2 and 2.1.3) applied to a certificate.
//
// Knows nothing of chains, depths or trust: verify/ decides what may be matched with what. Selected content
// is encoded at most once per certificate and selector, and digested at most once per matching type.
#pragma once

#include <openssl/x509.h>

#include <array>
#include <optional>

#include "base/bytes.hpp"
#include "tlsa/usability.hpp"

namespace danelaw::tlsa {

/// One certificate of a chain and its selected contents, encoded when first asked for. Holds a reference of
/// its own to the certificate. One thread at a time.
class PeerCertificate final {
 public:
  explicit PeerCertificate(X509* certificate);  ///< takes another reference; not null
  ~PeerCertificate();
  PeerCertificate(PeerCertificate&&) noexcept;
  PeerCertificate& operator=(PeerCertificate&&) noexcept;
  PeerCertificate(const PeerCertificate&) = delete;
  PeerCertificate& operator=(const PeerCertificate&) = delete;

  [[nodiscard]] X509* get() const { return m_certificate; }

  /// DER of the whole certificate or of its SubjectPublicKeyInfo. Empty where it cannot be encoded.
  [[nodiscard]] Bytes selected(Selector selector) const;

  /// The selected content as the matching type presents it. Empty where it cannot be had.
  [[nodiscard]] Bytes presented(Selector selector, MatchingType matching_type) const;

 private:
  X509* m_certificate;
  mutable std::array<std::array<std::optional<Buffer>, 3>, 2> m_contents;  // by selector, matching type
};

/// `selected` as the matching type presents it: itself, or its digest. Empty where the digest cannot be made,
/// and where `selected` is empty: what could not be encoded has no digest.
[[nodiscard]] Buffer presented(Bytes selected, MatchingType matching_type);

/// True where the record's data equals the certificate's selected content or the digest of it.
[[nodiscard]] bool matches(const UsableRecord& record, const PeerCertificate& certificate);

/// The same for a certificate that is looked at once. May leave errors in OpenSSL's queue.
[[nodiscard]] bool matches(const UsableRecord& record, X509* certificate);

/// The same over a bare DER SubjectPublicKeyInfo: only records with selector SPKI can match it.
[[nodiscard]] bool matches_key(const UsableRecord& record, Bytes spki_der);

}  // namespace danelaw::tlsa
