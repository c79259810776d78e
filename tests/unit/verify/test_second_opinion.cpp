#include <doctest/doctest.h>

#include "support.hpp"
#include "verify/second_opinion.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using pki::record_for;
using support::tree;

namespace {

tlsa::RecordSet set_of(const std::vector<tlsa::Record>& records) {
  return tlsa::RecordSet::from_records(records, tlsa::Usages::All);
}

Claim claim_for(const tlsa::Record& record, int depth, const STACK_OF(X509) * path) {
  Claim claim;
  claim.usage = record.usage();
  claim.selector = record.selector();
  claim.matching_type = record.matching_type();
  claim.association_data = record.association_data();
  claim.depth = depth;
  claim.path = path;
  return claim;
}

}  // namespace

TEST_SUITE("The second opinion on an acceptance") {
  TEST_CASE(
      "R7671-5.1b R7671-5.4a: it agrees only at a depth that the usage allows, with content that is really "
      "there") {
    const auto path = pki::chain_of({&tree().leaf, &tree().intermediate, &tree().root});
    const pki::Identity* at[] = {&tree().leaf, &tree().intermediate, &tree().root};
    for (int usage = 0; usage <= 3; ++usage)
      for (int named = 0; named < 3; ++named)
        for (int depth = 0; depth < 3; ++depth) {
          INFO("usage " << usage << " names " << named << ", claimed at " << depth);
          const auto record = record_for(usage, 1, 1, at[named]->certificate.get());
          const bool end_entity = usage == 1 || usage == 3;
          const bool want = named == depth && (end_entity ? depth == 0 : depth >= 1);
          CHECK(second_opinion(set_of({record}), claim_for(record, depth, path.get())).has_value() == want);
        }
  }

  TEST_CASE("It disagrees about a record that is not in the set, or that digest agility has put aside") {
    const auto path = pki::chain_of({&tree().leaf});
    const auto right = record_for(3, 1, 1, tree().leaf.certificate.get());
    const auto stronger = tlsa::Record::from_text("3 1 2 " + std::string(128, '0')).value();
    CHECK(second_opinion(set_of({right}), claim_for(right, 0, path.get())) == std::size_t{0});
    CHECK_FALSE(second_opinion(set_of({stronger}), claim_for(right, 0, path.get())));
    CHECK_FALSE(second_opinion(set_of({stronger, right}), claim_for(right, 0, path.get())));
    CHECK_FALSE(second_opinion(set_of({}), claim_for(right, 0, path.get())));
  }

  TEST_CASE("It disagrees with a claim about no path, or outside of it") {
    const auto path = pki::chain_of({&tree().leaf});
    const auto record = record_for(3, 1, 1, tree().leaf.certificate.get());
    CHECK_FALSE(second_opinion(set_of({record}), claim_for(record, 0, nullptr)));
    CHECK_FALSE(second_opinion(set_of({record}), claim_for(record, -1, path.get())));
    CHECK_FALSE(second_opinion(set_of({record}), claim_for(record, 1, path.get())));
  }

  TEST_CASE("R7671-5.2b: a bare key counts only if it really signed the top of the path") {
    const auto record = record_for(2, 1, 0, tree().root.certificate.get());
    const auto path = pki::chain_of({&tree().leaf, &tree().intermediate});
    const auto foreign = pki::chain_of({&tree().strangers_leaf});
    Claim claim = claim_for(record, 1, path.get());
    claim.bare_key = X509_get0_pubkey(tree().root.certificate.get());
    CHECK(second_opinion(set_of({record}), claim));
    claim.depth = 0;
    CHECK_FALSE(second_opinion(set_of({record}), claim));
    claim.path = foreign.get();
    CHECK_FALSE(second_opinion(set_of({record}), claim));
    claim = claim_for(record, 1, path.get());
    claim.bare_key = X509_get0_pubkey(tree().stranger.certificate.get());
    CHECK_FALSE(second_opinion(set_of({record}), claim));
  }
}
