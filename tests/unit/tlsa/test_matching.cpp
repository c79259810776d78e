#include <doctest/doctest.h>

#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <memory>

#include "base/hex.hpp"
#include "support.hpp"
#include "tlsa/matching.hpp"

using namespace danelaw;
using namespace danelaw::tlsa;
using support::leaf;
using support::other;
using support::record;
using support::set_of;

namespace {

X509* leaf_certificate() { return leaf().certificate.get(); }

bool any_matches(const RecordSet& set, const PeerCertificate& peer) {
  for (const UsableRecord& usable : set.usable()) {
    if (matches(usable, peer)) return true;
  }
  return false;
}

/// Restricted to that digest; null: without parameters.
pki::Key rsa_pss_key(const char* digest) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  if (digest != nullptr)
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_md_name(context.get(), digest, nullptr) == 1);
  REQUIRE(EVP_PKEY_generate(context.get(), &key) == 1);
  return pki::Key(key);
}

}  // namespace

TEST_SUITE("RFC 6698 sections 2.1.2 and 2.1.3: selectors and matching types") {
  TEST_CASE("R6698-6a: each usage, selector and matching type matches its own certificate and no other") {
    const PeerCertificate own(leaf_certificate());
    const PeerCertificate foreign(other().certificate.get());
    for (int usage = 0; usage <= 3; ++usage) {
      for (int selector = 0; selector <= 1; ++selector) {
        for (int matching_type = 0; matching_type <= 2; ++matching_type) {
          const RecordSet set = set_of({pki::record_for(usage, selector, matching_type, leaf_certificate())});
          INFO(usage << " " << selector << " " << matching_type);
          REQUIRE(set.usable().size() == 1);
          CHECK(matches(set.usable()[0], own));
          CHECK_FALSE(matches(set.usable()[0], foreign));
          CHECK(matches(set.usable()[0], own.get()));
          CHECK_FALSE(matches(set.usable()[0], foreign.get()));
        }
      }
    }
  }

  TEST_CASE("R6698-2.1b: digests are those of FIPS 180-4") {
    const Bytes abc = as_bytes("abc");
    CHECK(to_hex(presented(abc, MatchingType::Full)) == "616263");
    CHECK(to_hex(presented(abc, MatchingType::Sha2_256)) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(presented(abc, MatchingType::Sha2_512)) ==
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  }

  TEST_CASE("R6698-2.1b: Cert selects the whole certificate, SPKI its SubjectPublicKeyInfo") {
    const PeerCertificate peer(leaf_certificate());
    CHECK(equal(peer.selected(Selector::Cert), pki::certificate_der(leaf_certificate())));
    CHECK(equal(peer.selected(Selector::Spki), pki::spki_der(leaf_certificate())));
    CHECK(equal(peer.presented(Selector::Spki, MatchingType::Full), peer.selected(Selector::Spki)));
    CHECK(peer.presented(Selector::Spki, MatchingType::Sha2_256).size() == 32);
    CHECK(peer.presented(Selector::Cert, MatchingType::Sha2_512).size() == 64);
  }

  TEST_CASE("R6698-2.1b: the SubjectPublicKeyInfo of any key is what OpenSSL's own encoder makes of it") {
    std::vector<pki::Key> keys;
    for (const char* curve : {"P-256", "P-384", "P-521"}) keys.emplace_back(EVP_EC_gen(curve));
    for (const std::size_t bits : {512, 1024, 2048, 4096})
      keys.emplace_back(EVP_RSA_gen(static_cast<unsigned>(bits)));
    keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
    keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
    keys.push_back(rsa_pss_key("SHA256"));  // parameters that are a SEQUENCE
    keys.push_back(rsa_pss_key(nullptr));
    for (const pki::Key& key : keys) {
      const pki::Cert certificate(X509_new());
      X509_set_pubkey(certificate.get(), key.get());
      for (const long unused_bits : {0L, 3L}) {
        // A certificate off the wire says how many bits of its key are unused.
        auto* bits = X509_get0_pubkey_bitstr(certificate.get());
        bits->flags = (bits->flags & ~0x0FL) | ASN1_STRING_FLAG_BITS_LEFT | unused_bits;
        INFO(EVP_PKEY_get0_type_name(key.get()) << " " << EVP_PKEY_get_bits(key.get()) << " " << unused_bits);
        const PeerCertificate peer(certificate.get());
        CHECK(to_hex(peer.presented(Selector::Spki, MatchingType::Full)) ==
              to_hex(pki::spki_der(certificate.get())));
      }
    }
  }

  TEST_CASE("content is encoded and digested once: the same octets are handed out again") {
    const PeerCertificate peer(leaf_certificate());
    CHECK(peer.selected(Selector::Cert).data() == peer.selected(Selector::Cert).data());
    CHECK(peer.presented(Selector::Spki, MatchingType::Sha2_256).data() ==
          peer.presented(Selector::Spki, MatchingType::Sha2_256).data());
  }

  TEST_CASE("a digest that differs in its last bit does not match") {
    const PeerCertificate peer(leaf_certificate());
    for (const MatchingType type : {MatchingType::Sha2_256, MatchingType::Sha2_512}) {
      Buffer data = to_buffer(peer.presented(Selector::Spki, type));
      data.back() ^= 1;
      const RecordSet set = set_of({record(3, 1, static_cast<int>(type), data)});
      REQUIRE(set.any_usable());
      CHECK_FALSE(any_matches(set, peer));
    }
  }

  TEST_CASE("what could not be encoded matches nothing, not even the digest of nothing") {
    const pki::Cert empty(X509_new());
    const support::HostErrors host;
    const PeerCertificate peer(empty.get());
    CHECK(peer.selected(Selector::Cert).empty());
    CHECK(peer.presented(Selector::Cert, MatchingType::Sha2_256).empty());
    CHECK(presented({}, MatchingType::Sha2_256).empty());
    Buffer digest_of_nothing(32);
    SHA256(nullptr, 0, digest_of_nothing.data());
    const RecordSet set = set_of({record(3, 0, 1, digest_of_nothing), record(3, 1, 1, digest_of_nothing)});
    REQUIRE(set.usable().size() == 2);
    CHECK_FALSE(any_matches(set, peer));
    CHECK_FALSE(matches_key(set.usable()[1], {}));
    CHECK(host.untouched());
  }
}

TEST_SUITE("Algorithms out of the ordinary") {
  TEST_CASE(
      "R6698-2.1b: whatever parameters an algorithm carries, the SubjectPublicKeyInfo is OpenSSL's own") {
    const Buffer long_text(200, 'x');
    struct Row {
      int type;
      bool object;
    };
    for (const Row row : {Row{V_ASN1_UNDEF, false}, Row{V_ASN1_NULL, false}, Row{V_ASN1_OBJECT, true},
                          Row{V_ASN1_OCTET_STRING, false}, Row{V_ASN1_SEQUENCE, false}}) {
      const pki::Cert certificate(X509_dup(leaf_certificate()));
      X509_ALGOR* algorithm = nullptr;
      X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, X509_get_X509_PUBKEY(certificate.get()));
      void* value = nullptr;
      if (row.object) value = OBJ_txt2obj("1.3.6.1.4.1.99999.1.2.3.4.5.6", 1);
      if (!row.object && row.type != V_ASN1_UNDEF && row.type != V_ASN1_NULL) {
        ASN1_STRING* text = ASN1_STRING_type_new(row.type);
        ASN1_STRING_set(text, long_text.data(), static_cast<int>(long_text.size()));
        value = text;
      }
      REQUIRE(X509_ALGOR_set0(algorithm, OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1), row.type, value) == 1);
      INFO(row.type);
      const PeerCertificate peer(certificate.get());
      CHECK(to_hex(peer.selected(Selector::Spki)) == to_hex(pki::spki_der(certificate.get())));
    }
  }
}

TEST_SUITE("RFC 6698 section 4.1: any one is enough") {
  TEST_CASE("R6698-4.1c: one right record among wrong and broken ones matches, wherever it stands") {
    const PeerCertificate peer(leaf_certificate());
    const Record right = pki::record_for(3, 1, 1, leaf_certificate());
    const std::vector<Record> wrong{
        record(3, 1, 1, Buffer(32)), record(3, 1, 1, Buffer(31)),
        record(9, 9, 9, Buffer(9)),  record(2, 0, 0, Buffer(9)),
        record(3, 0, 2, Buffer(64)), pki::record_for(2, 0, 0, other().certificate.get())};
    CHECK_FALSE(any_matches(set_of(wrong), peer));
    for (std::size_t place = 0; place <= wrong.size(); ++place) {
      INFO(place);
      std::vector<Record> records = wrong;
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(place), right);
      CHECK(any_matches(set_of(records), peer));
    }
  }

  TEST_CASE("R7671-9a: a wrong SHA2-512 record is not rescued by a right SHA2-256 one") {
    const PeerCertificate peer(leaf_certificate());
    const Record right = pki::record_for(3, 1, 1, leaf_certificate());
    CHECK_FALSE(any_matches(set_of({right, record(3, 1, 2, Buffer(64))}), peer));
    CHECK(any_matches(set_of({right, record(3, 0, 2, Buffer(64))}), peer));
    CHECK(any_matches(
        set_of({right, record(3, 1, 2, Buffer(64)), pki::record_for(3, 1, 0, leaf_certificate())}), peer));
  }
}

TEST_SUITE("RFC 7250: bare keys") {
  TEST_CASE("only records with selector SPKI match a bare key") {
    const Buffer key = pki::spki_der(leaf_certificate());
    for (int matching_type = 0; matching_type <= 2; ++matching_type) {
      const RecordSet own = set_of({pki::record_for(3, 1, matching_type, leaf_certificate())});
      CHECK(matches_key(own.usable()[0], key));
      CHECK_FALSE(matches_key(own.usable()[0], pki::spki_der(other().certificate.get())));
      const RecordSet whole = set_of({pki::record_for(3, 0, matching_type, leaf_certificate())});
      CHECK_FALSE(matches_key(whole.usable()[0], key));
    }
    // Selector Cert over data that happens to be the key's digest.
    const RecordSet mixed = set_of({record(3, 0, 1, presented(key, MatchingType::Sha2_256))});
    CHECK_FALSE(matches_key(mixed.usable()[0], key));
  }
}

TEST_SUITE("Ownership") {
  TEST_CASE("a peer certificate holds a reference of its own, also when moved") {
    pki::Cert certificate(X509_dup(leaf_certificate()));
    PeerCertificate first(certificate.get());
    certificate.reset();
    const Bytes encoded = first.selected(Selector::Cert);
    PeerCertificate second(std::move(first));
    CHECK(second.selected(Selector::Cert).data() == encoded.data());
    PeerCertificate third(other().certificate.get());
    third = std::move(second);
    CHECK(equal(third.selected(Selector::Cert), pki::certificate_der(leaf_certificate())));
  }
}
