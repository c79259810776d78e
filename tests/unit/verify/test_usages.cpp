#include <doctest/doctest.h>
#include <openssl/err.h>

#include "support.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using pki::record_for;
using support::in_words;
using support::judge;
using support::plan_with;
using support::store_of;
using support::tree;

namespace {

const std::vector<const pki::Identity*>& full_chain() {
  static const std::vector<const pki::Identity*> chain{&tree().leaf, &tree().intermediate, &tree().root};
  return chain;
}
const std::vector<const pki::Identity*>& usual_chain() {
  static const std::vector<const pki::Identity*> chain{&tree().leaf, &tree().intermediate};
  return chain;
}

tlsa::Record leaf_record(int usage, int selector = 1, int matching_type = 1) {
  return record_for(usage, selector, matching_type, tree().leaf.certificate.get());
}
tlsa::Record wrong_record(int usage) {
  return tlsa::Record::from_text(std::to_string(usage) + " 1 1 " + std::string(64, '0')).value();
}

}  // namespace

TEST_SUITE("RFC 6698 section 4.1: matching") {
  TEST_CASE("R6698-6a R6698-2.1b: every usage, selector and matching type authenticates the peer it names") {
    const auto store = store_of({&tree().root});
    for (int usage = 0; usage <= 3; ++usage)
      for (int selector = 0; selector <= 1; ++selector)
        for (int matching_type = 0; matching_type <= 2; ++matching_type) {
          INFO(usage << " " << selector << " " << matching_type);
          const bool end_entity = usage == 1 || usage == 3;
          const auto& named = end_entity ? tree().leaf : tree().intermediate;
          const auto plan = plan_with({record_for(usage, selector, matching_type, named.certificate.get())});
          const Verdict verdict = judge(usual_chain(), plan, store.get());
          CHECK(in_words(verdict) ==
                (end_entity ? "authenticated (matched) depth 0" : "authenticated (matched) depth 1"));
          CHECK(verdict.accept);
          CHECK(verdict.verify_result == X509_V_OK);
        }
  }

  TEST_CASE("R6698-4.1c: one matching record is enough, whatever else is in the set and in whatever order") {
    std::vector<tlsa::Record> records{wrong_record(3), tlsa::Record::from_text("9 9 9 00").value(),
                                      leaf_record(3), wrong_record(2),
                                      tlsa::Record::from_text("3 1 1 00").value()};
    for (std::size_t turn = 0; turn < records.size(); ++turn) {
      std::rotate(records.begin(), records.begin() + 1, records.end());
      CHECK(in_words(judge(usual_chain(), plan_with(records))) == "authenticated (matched) depth 0");
    }
  }

  TEST_CASE(
      "R6698-4.1c: a PKIX record beside it does not keep a DANE-TA record from matching a root that is also "
      "in the store") {
    const auto store = store_of({&tree().root});
    const auto dane_ta = record_for(2, 1, 1, tree().root.certificate.get());
    CHECK(in_words(judge(full_chain(), plan_with({dane_ta, wrong_record(0)}), store.get())) ==
          "authenticated (matched) depth 2");
    CHECK(in_words(judge(usual_chain(), plan_with({wrong_record(2), wrong_record(3), leaf_record(1)}),
                         store.get())) == "authenticated (matched) depth 0");
  }

  TEST_CASE("R6698-4.1d: with a usable record and no match the peer is rejected, whatever the store says") {
    const auto store = store_of({&tree().root});
    for (int usage = 0; usage <= 3; ++usage) {
      INFO(usage);
      const Verdict verdict = judge(usual_chain(), plan_with({wrong_record(usage)}), store.get());
      CHECK(in_words(verdict) == "rejected (no-match)");
      CHECK_FALSE(verdict.accept);
      CHECK(verdict.verify_result == X509_V_ERR_DANE_NO_MATCH);
    }
  }

  TEST_CASE("R6698-4.1e: without a usable record ordinary verification decides in the generic profile") {
    const auto plan = plan_with({tlsa::Record::from_text("3 1 7 aabb").value()});
    const auto store = store_of({&tree().root});
    const Verdict trusted = judge(usual_chain(), plan, store.get());
    CHECK(in_words(trusted) == "not-applicable (no-usable-record)");
    CHECK(trusted.accept);
    const Verdict untrusted = judge(usual_chain(), plan);
    CHECK(in_words(untrusted) == "not-applicable (no-usable-record)");
    CHECK_FALSE(untrusted.accept);
    CHECK(untrusted.verify_result == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  }

  TEST_CASE("R6698-4.1e: where PKIX decides offline, names are compared as well") {
    const auto store = store_of({&tree().root});
    const auto unusable = tlsa::Record::from_text("3 1 7 aabb").value();
    const Verdict other_name =
        judge(usual_chain(), plan_with({unusable}, {}, {"www.evil.example"}), store.get());
    CHECK_FALSE(other_name.accept);
    CHECK(other_name.verify_result == X509_V_ERR_HOSTNAME_MISMATCH);
    CHECK_FALSE(judge(usual_chain(), plan_with({}, {}, {"www.evil.example"}), store.get()).accept);
  }

  TEST_CASE("R7672-2.2a: without a usable record SMTP goes on encrypted and unauthenticated") {
    Policy smtp;
    smtp.profile = Profile::Smtp;
    const Verdict verdict = judge({&tree().strangers_leaf}, plan_with({leaf_record(1)}, smtp));
    CHECK(in_words(verdict) == "not-applicable (no-usable-record)");
    CHECK(verdict.accept);
    CHECK(verdict.verify_result != X509_V_OK);
  }

  TEST_CASE("A verdict leaves OpenSSL's error queue as it was") {
    ERR_clear_error();
    (void)judge(usual_chain(), plan_with({wrong_record(3)}));
    (void)judge(usual_chain(), plan_with({leaf_record(3)}));
    CHECK(ERR_peek_error() == 0);
  }

  TEST_CASE("An empty chain is rejected") {
    CHECK(in_words(judge({}, plan_with({leaf_record(3)}))) == "rejected (no-certificate)");
    CHECK_FALSE(judge({}, plan_with({})).accept);
  }

  TEST_CASE("A chain of a hundred certificates gets a verdict") {
    std::vector<const pki::Identity*> chain{&tree().leaf};
    chain.insert(chain.end(), 99, &tree().stranger);
    CHECK(in_words(judge(chain, plan_with({leaf_record(3)}))) == "authenticated (matched) depth 0");
    CHECK_FALSE(judge(chain, plan_with({record_for(2, 0, 1, tree().stranger.certificate.get())})).accept);
  }
}

TEST_SUITE("RFC 7671 section 5.1: DANE-EE(3)") {
  TEST_CASE("R7671-5.1a: DANE-EE needs no chain and looks at no date") {
    const pki::Identity expired = pki::issue(
        {.common_name = "expired", .dns_names = {"www.example"}, .not_before = -200, .not_after = -100});
    const auto plan = plan_with({record_for(3, 1, 1, expired.certificate.get())});
    CHECK(in_words(judge({&expired}, plan)) == "authenticated (matched) depth 0");
  }

  TEST_CASE(
      "R7671-5.1a, R7672-3.2.1a: smtp and srv skip names, generic compares them unless told otherwise") {
    const pki::Identity other = pki::issue({.common_name = "other", .dns_names = {"other.example"}});
    struct Row {
      Profile profile;
      DaneEeNames names;
      const char* want;
    };
    const Row rows[] = {
        {Profile::Generic, DaneEeNames::ByProfile, "rejected (dane-ee-name-mismatch)"},
        {Profile::Generic, DaneEeNames::Skip, "authenticated (matched) depth 0"},
        {Profile::Smtp, DaneEeNames::ByProfile, "authenticated (matched) depth 0"},
        {Profile::Srv, DaneEeNames::ByProfile, "authenticated (matched) depth 0"},
        {Profile::Smtp, DaneEeNames::Check, "rejected (dane-ee-name-mismatch)"},
    };
    for (const Row& row : rows) {
      INFO(to_string(row.profile));
      Policy policy;
      policy.profile = row.profile;
      policy.dane_ee_names = row.names;
      CHECK(in_words(judge({&other}, plan_with({record_for(3, 1, 1, other.certificate.get())}, policy))) ==
            row.want);
    }
  }

  TEST_CASE("R7671-5.1b: DANE-EE matches the end-entity certificate only") {
    const auto plan = plan_with({record_for(3, 1, 1, tree().intermediate.certificate.get())});
    CHECK(in_words(judge(usual_chain(), plan)) == "rejected (no-match)");
  }

  TEST_CASE("R7671-5.1c: where no certificate is there to be judged, DANE-EE rejects") {
    // Raw public keys need OpenSSL 3.2; we never offer them, so their absence here must be a refusal.
    CHECK_FALSE(judge({}, plan_with({leaf_record(3, 1, 1)})).accept);
  }
}

TEST_SUITE("RFC 7671 section 5.2: DANE-TA(2)") {
  TEST_CASE("R7671-5.2a: the anchor need not be a root, dates and names count") {
    const auto named = record_for(2, 0, 1, tree().intermediate.certificate.get());
    CHECK(in_words(judge(usual_chain(), plan_with({named}))) == "authenticated (matched) depth 1");
    CHECK(in_words(judge(usual_chain(), plan_with({named}, {}, {"other.example"}))) ==
          "rejected (name-mismatch)");
    const EpochSeconds in_a_year = system_seconds() + 365 * 86400;
    CHECK(in_words(judge(usual_chain(), plan_with({named}), nullptr, in_a_year)) ==
          "rejected (chain-invalid)");
  }

  TEST_CASE("R7671-5.2a: a path through a certificate that is no CA, or is too long, does not verify") {
    const pki::Identity no_ca = pki::issue({.common_name = "no ca"}, &tree().root);
    const pki::Identity under_it = pki::issue({.common_name = "l", .dns_names = {"www.example"}}, &no_ca);
    const auto plan = plan_with({record_for(2, 0, 1, tree().root.certificate.get())});
    CHECK(in_words(judge({&under_it, &no_ca, &tree().root}, plan)) == "rejected (chain-invalid)");

    const pki::Identity short_ca = pki::issue({.common_name = "short", .ca = true, .path_length = 0});
    const pki::Identity between = pki::issue({.common_name = "between", .ca = true}, &short_ca);
    const pki::Identity below = pki::issue({.common_name = "l", .dns_names = {"www.example"}}, &between);
    const auto short_plan = plan_with({record_for(2, 0, 1, short_ca.certificate.get())});
    CHECK(in_words(judge({&below, &between, &short_ca}, short_plan)) == "rejected (chain-invalid)");
  }

  TEST_CASE("R7671-5.2b: with a digest the anchor must be sent, with Full it may be absent") {
    const std::vector<const pki::Identity*> without_root = usual_chain();
    X509* root = tree().root.certificate.get();
    CHECK_FALSE(judge(without_root, plan_with({record_for(2, 0, 1, root)})).accept);
    CHECK_FALSE(judge(without_root, plan_with({record_for(2, 1, 1, root)})).accept);
    CHECK(in_words(judge(without_root, plan_with({record_for(2, 0, 0, root)}))) ==
          "authenticated (matched) depth 2");
    CHECK(in_words(judge(without_root, plan_with({record_for(2, 1, 0, root)}))) ==
          "authenticated (matched) depth 1");
    CHECK(in_words(judge(full_chain(), plan_with({record_for(2, 0, 1, root)}))) ==
          "authenticated (matched) depth 2");
  }

  TEST_CASE("R7671-5.2b: a CA that only the local store knows is no DANE-TA anchor") {
    const auto store = store_of({&tree().root});
    const auto plan = plan_with({record_for(2, 0, 1, tree().root.certificate.get())});
    CHECK_FALSE(judge(usual_chain(), plan, store.get()).accept);
  }

  TEST_CASE("R7671-5.2c: an anchor that merely travels beside a leaf of another CA authenticates nobody") {
    const auto named = record_for(2, 0, 1, tree().intermediate.certificate.get());
    const std::vector<const pki::Identity*> appended{&tree().strangers_leaf, &tree().stranger,
                                                     &tree().intermediate, &tree().root};
    CHECK_FALSE(judge(appended, plan_with({named})).accept);
    const auto store = store_of({&tree().stranger});
    CHECK_FALSE(judge(appended, plan_with({named}), store.get()).accept);
  }

  TEST_CASE("R7671-5.2d: the local store is not asked for DANE-TA") {
    const auto plan = plan_with({record_for(2, 1, 2, tree().intermediate.certificate.get())});
    const auto strangers_store = store_of({&tree().stranger});
    CHECK(judge(usual_chain(), plan).accept);
    CHECK(judge(usual_chain(), plan, strangers_store.get()).accept);
  }
}

TEST_SUITE("RFC 7671 sections 5.3 and 5.4: PKIX-EE(1) and PKIX-TA(0)") {
  TEST_CASE("R7671-5.3a: PKIX-EE needs the match and ordinary validation with names") {
    const auto store = store_of({&tree().root});
    CHECK(judge(usual_chain(), plan_with({leaf_record(1)}), store.get()).accept);
    CHECK(in_words(judge(usual_chain(), plan_with({leaf_record(1)}))) == "rejected (chain-invalid)");
    CHECK(in_words(judge(usual_chain(), plan_with({leaf_record(1)}, {}, {"x.example"}), store.get())) ==
          "rejected (name-mismatch)");
    const auto intermediate = record_for(1, 1, 1, tree().intermediate.certificate.get());
    CHECK(in_words(judge(usual_chain(), plan_with({intermediate}), store.get())) == "rejected (no-match)");
  }

  TEST_CASE("R7671-5.4a: PKIX-TA matches any CA of the verified path, the local root included") {
    const auto store = store_of({&tree().root});
    const auto root = record_for(0, 0, 1, tree().root.certificate.get());
    CHECK(in_words(judge(usual_chain(), plan_with({root}), store.get())) ==
          "authenticated (matched) depth 2");
    CHECK_FALSE(judge(full_chain(), plan_with({root})).accept);
    CHECK(in_words(judge(usual_chain(), plan_with({leaf_record(0)}), store.get())) == "rejected (no-match)");
    const auto stranger = record_for(0, 0, 1, tree().stranger.certificate.get());
    CHECK(in_words(judge({&tree().leaf, &tree().intermediate, &tree().stranger}, plan_with({stranger}),
                         store.get())) == "rejected (no-match)");
  }

  TEST_CASE("R7671-5.4a: a partial path is extended upwards before the peer is rejected") {
    const auto both = store_of({&tree().intermediate, &tree().root});
    X509_STORE_set_flags(both.get(), X509_V_FLAG_PARTIAL_CHAIN);
    const auto root = plan_with({record_for(0, 0, 1, tree().root.certificate.get())});
    const auto intermediate = plan_with({record_for(0, 0, 1, tree().intermediate.certificate.get())});
    CHECK(in_words(judge(usual_chain(), root, both.get())) == "authenticated (matched) depth 2");
    CHECK(in_words(judge(usual_chain(), intermediate, both.get())) == "authenticated (matched) depth 1");

    const auto only_intermediate = store_of({&tree().intermediate});
    X509_STORE_set_flags(only_intermediate.get(), X509_V_FLAG_PARTIAL_CHAIN);
    CHECK(in_words(judge(usual_chain(), intermediate, only_intermediate.get())) ==
          "authenticated (matched) depth 1");
    CHECK(in_words(judge(usual_chain(), root, only_intermediate.get())) == "rejected (no-match)");
  }
}

TEST_SUITE("RFC 7671 sections 9 and 10") {
  TEST_CASE("R7671-9a: a wrong SHA2-512 record is not rescued by a right SHA2-256 one") {
    const auto wrong = tlsa::Record::from_text("3 1 2 " + std::string(128, '0')).value();
    CHECK(in_words(judge(usual_chain(), plan_with({wrong, leaf_record(3)}))) == "rejected (no-match)");
    CHECK(judge(usual_chain(), plan_with({wrong, leaf_record(3, 1, 0)})).accept);
    CHECK(judge(usual_chain(), plan_with({wrong, leaf_record(3, 0, 1)})).accept);
  }

  TEST_CASE("R7671-4a: DANE-TA and DANE-EE ask for no public CA") {
    const auto empty = store_of({});
    CHECK(judge(usual_chain(), plan_with({leaf_record(3)}), empty.get()).accept);
    CHECK(judge(usual_chain(), plan_with({record_for(2, 1, 1, tree().intermediate.certificate.get())}),
                empty.get())
              .accept);
  }

  TEST_CASE("R7671-10.2a: names are dNSNames, with a wildcard only as the whole leftmost label") {
    struct Row {
      const char* common_name;
      std::vector<std::string> dns_names;
      const char* wanted_name;
      Profile profile;
      bool accept;
    };
    const Row rows[] = {
        {"x", {"www.example"}, "www.example", Profile::Generic, true},
        {"x", {"WWW.Example"}, "www.example", Profile::Generic, true},
        {"x", {"*.example.org"}, "www.example.org", Profile::Generic, true},
        {"x", {"*.example.org"}, "a.www.example.org", Profile::Generic, false},
        {"x", {"w*.example.org"}, "www.example.org", Profile::Generic, false},
        {"x", {"xn--bcher-kva.example"}, "xn--bcher-kva.example", Profile::Generic, true},
        {"www.example", {}, "www.example", Profile::Generic, false},
        {"www.example", {}, "www.example", Profile::Smtp, true},
        {"www.example", {"other.example"}, "www.example", Profile::Smtp, false},
    };
    for (const Row& row : rows) {
      INFO(row.common_name << " looked for as " << row.wanted_name);
      const auto leaf =
          pki::issue({.common_name = row.common_name, .dns_names = row.dns_names}, &tree().intermediate);
      Policy policy;
      policy.profile = row.profile;
      const auto record = record_for(2, 1, 1, tree().intermediate.certificate.get());
      CHECK(judge({&leaf, &tree().intermediate}, plan_with({record}, policy, {row.wanted_name})).accept ==
            row.accept);
    }
  }

  TEST_CASE("R7671-7c: any of several reference identifiers will do, and the one that did is told") {
    const auto record = record_for(2, 1, 1, tree().intermediate.certificate.get());
    const Verdict verdict = judge(usual_chain(), plan_with({record}, {}, {"alias.example", "www.example"}));
    REQUIRE(std::holds_alternative<Authenticated>(verdict.decision));
    CHECK(std::get<Authenticated>(verdict.decision).matched_name == "www.example");
  }
}
