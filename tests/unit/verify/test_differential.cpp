// Thousands of seeded combinations of chains and records: our own matcher, our verdict and OpenSSL's engine
// driven directly must agree about every one.
#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <random>

#include "support.hpp"
#include "tlsa/matching.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using pki::Identity;
using support::tree;

namespace {

struct Peer {
  const char* what;
  std::vector<const Identity*> chain;
  bool path_is_valid;  // every certificate signed the one before it
};

const std::vector<Peer>& peers() {
  static const std::vector<Peer> made{
      {"leaf alone", {&tree().leaf}, true},
      {"leaf and intermediate", {&tree().leaf, &tree().intermediate}, true},
      {"leaf, intermediate, root", {&tree().leaf, &tree().intermediate, &tree().root}, true},
      {"another CA's leaf", {&tree().strangers_leaf, &tree().stranger}, true},
      {"another CA's leaf with our anchors appended",
       {&tree().strangers_leaf, &tree().intermediate, &tree().root},
       false},
  };
  return made;
}

const std::vector<const Identity*>& nameable() {
  static const std::vector<const Identity*> made{&tree().leaf, &tree().intermediate, &tree().root,
                                                 &tree().stranger, &tree().strangers_leaf};
  return made;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : m_random(seed) {}
  unsigned below(unsigned n) { return static_cast<unsigned>(m_random() % n); }

  tlsa::Record record() {
    const Identity& named = *nameable()[below(static_cast<unsigned>(nameable().size()))];
    const int usage = static_cast<int>(below(4));
    const int selector = static_cast<int>(below(2));
    const int matching_type = static_cast<int>(below(3));
    Buffer rdata = pki::record_for(usage, selector, matching_type, named.certificate.get()).to_rdata();
    switch (below(8)) {
      case 0:  // near miss; of a full certificate its signature, so that it keeps name, key and dates
        rdata[matching_type == 0 ? rdata.size() - 1 : 3 + below(static_cast<unsigned>(rdata.size() - 3))] ^=
            1;
        break;
      case 1:
        rdata.pop_back();
        break;  // wrong length
      case 2:
        rdata[below(3)] = static_cast<std::uint8_t>(below(6));
        break;  // maybe unknown
      default:
        break;
    }
    return tlsa::Record::from_rdata(rdata).value();
  }

  std::vector<tlsa::Record> records() {
    std::vector<tlsa::Record> made;
    for (unsigned n = 1 + below(4); n > 0; --n) made.push_back(record());
    return made;
  }

 private:
  std::mt19937 m_random;
};

/// The record's parameters and whose content it names, for a failure's report.
std::string in_short(const tlsa::Record& record) {
  const char* names[] = {"leaf", "intermediate", "root", "stranger", "stranger's leaf"};
  std::string text = record.to_text().substr(0, 6);
  if (record.selector() > 1 || record.matching_type() > 2) return text + "unknown";
  for (std::size_t i = 0; i < nameable().size(); ++i)
    if (pki::record_for(record.usage(), record.selector(), record.matching_type(),
                        nameable()[i]->certificate.get()) == record)
      return text + names[i];
  return text + "nobody";
}

struct Answer {
  bool ok = false;
  int depth = -1;
};

/// OpenSSL's engine, fed with one record and driven as its manual says: an oracle that shares none of our code.
class Oracle {
 public:
  Oracle() : m_ctx(SSL_CTX_new(TLS_client_method())) { SSL_CTX_dane_enable(m_ctx); }
  ~Oracle() { SSL_CTX_free(m_ctx); }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  Answer ask(const std::vector<const Identity*>& chain, const tlsa::Record& record, X509_STORE* store) {
    SSL* ssl = SSL_new(m_ctx);
    SSL_dane_enable(ssl, "www.example");
    const Bytes data = record.association_data();
    SSL_dane_tlsa_add(ssl, record.usage(), record.selector(), record.matching_type(), data.data(),
                      data.size());
    const auto presented = pki::chain_of(chain);
    X509_STORE_CTX* ctx = X509_STORE_CTX_new();
    X509_STORE_CTX_init(ctx, store, sk_X509_value(presented.get(), 0), presented.get());
    X509_STORE_CTX_set_default(ctx, "ssl_server");
    X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(ctx), SSL_get0_param(ssl));
    X509_STORE_CTX_set0_dane(ctx, SSL_get0_dane(ssl));
    Answer answer;
    answer.ok = X509_verify_cert(ctx) == 1 && X509_STORE_CTX_get_error(ctx) == X509_V_OK;
    if (answer.ok) answer.depth = SSL_get0_dane_authority(ssl, nullptr, nullptr);
    X509_STORE_CTX_free(ctx);
    SSL_free(ssl);
    return answer;
  }

 private:
  SSL_CTX* m_ctx;
};

using Path = std::vector<const Identity*>;

bool full_certificate_of(const tlsa::UsableRecord& record, const Identity& named) {
  return record.selector() == tlsa::Selector::Cert && record.matching_type() == tlsa::MatchingType::Full &&
         tlsa::matches(record, tlsa::PeerCertificate(named.certificate.get()));
}

/// The path to our root, which the store trusts; empty where there is none. A record that holds the intermediate
/// itself can close the gap that the server left.
Path pkix_path(const Peer& peer, const tlsa::UsableRecord& record) {
  if (peer.chain[0] != &tree().leaf) return {};
  const bool held = record.usage() == tlsa::Usage::PkixTa && full_certificate_of(record, tree().intermediate);
  if (peer.chain.size() < 2 && !held) return {};
  return {&tree().leaf, &tree().intermediate, &tree().root};
}

/// Whether the record's own data, a certificate or a key that nobody sent, issued one that was sent: a certificate
/// may stand in for any above the leaf, a key only for the one that is missing at the top. Who signed the
/// certificate is nobody's business: the record vouches for it.
bool brought_the_issuer(const tlsa::UsableRecord& record, const Path& sent) {
  if (record.matching_type() != tlsa::MatchingType::Full) return false;
  const Bytes data = record.association_data();
  const unsigned char* at = data.data();
  if (record.selector() == tlsa::Selector::Spki) {
    const pki::Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(data.size())));
    return key && X509_verify(sent.back()->certificate.get(), key.get()) == 1;
  }
  const pki::Cert issuer(d2i_X509(nullptr, &at, static_cast<long>(data.size())));
  return issuer && std::any_of(sent.begin(), sent.end(), [&issuer](const Identity* one) {
           return X509_check_issued(issuer.get(), one->certificate.get()) == X509_V_OK &&
                  X509_verify(one->certificate.get(), X509_get0_pubkey(issuer.get())) == 1;
         });
}

bool matches_above_leaf(const tlsa::UsableRecord& record, const Path& path) {
  for (std::size_t depth = 1; depth < path.size(); ++depth)
    if (tlsa::matches(record, tlsa::PeerCertificate(path[depth]->certificate.get()))) return true;
  return false;
}

/// What our matcher alone expects. Names and dates are right everywhere, so records and paths decide.
bool expected_by_our_matcher(const Peer& peer, const tlsa::RecordSet& set) {
  const auto records = set.usable();
  const tlsa::PeerCertificate leaf(peer.chain[0]->certificate.get());
  return std::any_of(records.begin(), records.end(), [&](const tlsa::UsableRecord& record) {
    switch (record.usage()) {
      case tlsa::Usage::PkixTa:
        return matches_above_leaf(record, pkix_path(peer, record));
      case tlsa::Usage::PkixEe:
        return !pkix_path(peer, record).empty() && tlsa::matches(record, leaf);
      case tlsa::Usage::DaneTa: {
        const Path sent = peer.path_is_valid ? peer.chain : Path{peer.chain[0]};
        return matches_above_leaf(record, sent) || brought_the_issuer(record, sent);
      }
      case tlsa::Usage::DaneEe:
        return tlsa::matches(record, leaf);
    }
    return false;
  });
}

}  // namespace

TEST_CASE(
    "R6698-4.1c R7671-5.2c: our matcher, our verdict and OpenSSL's engine agree over thousands of "
    "combinations") {
  Generator generator(20261120);
  Oracle oracle;
  const auto store = support::store_of({&tree().root});
  unsigned accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    const Peer& peer = peers()[generator.below(static_cast<unsigned>(peers().size()))];
    const auto records = generator.records();
    const auto set = tlsa::RecordSet::from_records(records, tlsa::Usages::All);
    if (!set.any_usable()) continue;  // then plain PKIX decides, which is tested elsewhere

    std::string row = "round " + std::to_string(round) + ": " + peer.what;
    for (const auto& record : records) row += ", " + in_short(record);
    INFO(row);
    const Verdict got = support::judge(peer.chain, support::plan_with(records), store.get());
    // A set is as good as its best record: each usable one is held against OpenSSL's engine alone.
    bool want = false;
    for (const tlsa::UsableRecord& record : set.usable())
      want = want || oracle.ask(peer.chain, *set.entries()[record.index()].record, store.get()).ok;
    REQUIRE(got.accept == want);
    REQUIRE(reason_of(got.decision) != Reason::SecondOpinion);
    if (want) {
      const auto& match = std::get<Authenticated>(got.decision);
      const Answer alone = oracle.ask(peer.chain, *set.entries()[match.record].record, store.get());
      REQUIRE(alone.ok);
      REQUIRE(match.depth == alone.depth);
      ++accepted;
    }
    REQUIRE(expected_by_our_matcher(peer, set) == want);
  }
  // Both ways must have been seen often, or the agreement says little.
  CHECK(accepted > 500);
  CHECK(accepted < 3500);
}
