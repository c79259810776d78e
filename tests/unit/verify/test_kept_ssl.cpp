#include <doctest/doctest.h>

#include <array>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "support.hpp"
#include "verify/kept_ssl.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using support::in_words;
using support::plan_with;
using support::tree;

namespace {

ScratchSsl new_ssl() {
  static SSL_CTX* const ctx = SSL_CTX_new(TLS_client_method());
  return ScratchSsl(SSL_new(ctx));
}

/// One that is kept, since it is the second, where nothing has been kept before.
SSL* keep_one(const KeptSsl& kept) {
  kept.keep(new_ssl());
  ScratchSsl second = new_ssl();
  SSL* const ssl = second.get();
  kept.keep(std::move(second));
  return ssl;
}

/// An ordinary chain's verdict.
std::string verdict_by(const DaneEngine& engine, const SharedPlan& plan) {
  const auto chain = pki::chain_of({&tree().leaf, &tree().intermediate});
  return in_words(judge_offline(engine, chain.get(), plan, {}));
}

tlsa::Record record_of_leaf() { return pki::record_for(3, 1, 1, tree().leaf.certificate.get()); }
tlsa::Record record_of_stranger() {
  return pki::record_for(3, 1, 1, tree().strangers_leaf.certificate.get());
}

}  // namespace

TEST_SUITE("decision 0030: a plan keeps the SSL with its records") {
  TEST_CASE("decision 0030: the first goes, the second stays until it is taken") {
    const KeptSsl kept;
    kept.keep(new_ssl());
    CHECK(kept.take() == nullptr);
    ScratchSsl second = new_ssl();
    SSL* const ssl = second.get();
    kept.keep(std::move(second));
    const ScratchSsl taken = kept.take();
    CHECK(taken.get() == ssl);
    CHECK(kept.take() == nullptr);
  }

  TEST_CASE("decision 0030: where one is kept another is not") {
    const KeptSsl kept;
    SSL* const ssl = keep_one(kept);
    kept.keep(new_ssl());
    CHECK(kept.take().get() == ssl);
  }

  TEST_CASE("decision 0030: a copy begins with nothing, and so does what is moved to") {
    Plan plan;
    SSL* const ssl = keep_one(plan.kept.ssl);
    const Plan copy(plan);
    CHECK(copy.kept.ssl.take() == nullptr);
    copy.kept.ssl.keep(new_ssl());
    CHECK(copy.kept.ssl.take() == nullptr);  // its first
    const Plan moved(std::move(plan));
    CHECK(moved.kept.ssl.take() == nullptr);
    CHECK(plan.kept.ssl.take().get() == ssl);
    static_assert(!std::is_copy_assignable_v<Plan> && !std::is_move_assignable_v<Plan>);
  }

  TEST_CASE("decision 0030: nothing of a chain outlives its verdict") {
    static int freed = 0;
    static const int index = X509_get_ex_new_index(0, nullptr, nullptr, nullptr,
                                                   [](void*, void* mark, CRYPTO_EX_DATA*, int, long, void*) {
                                                     if (mark != nullptr) ++freed;
                                                   });
    const auto engine = DaneEngine::create().value();
    const SharedPlan plan = plan_with({record_of_leaf()});
    for (int turn = 1; turn <= 3; ++turn) {
      freed = 0;
      {
        const pki::Chain chain(sk_X509_new_null());
        X509* const leaf = X509_dup(tree().leaf.certificate.get());
        X509_set_ex_data(leaf, index, &freed);
        sk_X509_push(chain.get(), leaf);
        CHECK(in_words(judge_offline(*engine, chain.get(), plan, {})) == "authenticated (matched) depth 0");
      }
      CHECK(freed == 1);
    }
  }

  TEST_CASE("decision 0030: a plan that decides once keeps none; one that decides again does, and uses it") {
    const auto engine = DaneEngine::create().value();
    const SharedPlan plan = plan_with({record_of_leaf()});
    CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
    CHECK(plan->kept.ssl.take() == nullptr);
    CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
    ScratchSsl ssl = plan->kept.ssl.take();
    REQUIRE(ssl != nullptr);
    SSL* const mark = ssl.get();
    plan->kept.ssl.keep(std::move(ssl));
    CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
    CHECK(plan->kept.ssl.take().get() == mark);
  }

  TEST_CASE("R6698-2.1b: a plan that is altered from another is judged by its own records") {
    const auto engine = DaneEngine::create().value();
    const SharedPlan plan = plan_with({record_of_leaf()});
    for (int turn = 0; turn < 3; ++turn)
      CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
    auto altered = std::make_shared<Plan>(*plan);
    altered->evidence = plan_with({record_of_stranger()})->evidence;
    for (int turn = 0; turn < 3; ++turn) CHECK(verdict_by(*engine, altered) == "rejected (no-match)");
  }

  TEST_CASE("R7671-5.1a: whether DANE-EE compares names holds for the SSL that is kept, too") {
    const auto engine = DaneEngine::create().value();
    for (const DaneEeNames names : {DaneEeNames::Skip, DaneEeNames::Check}) {
      auto plan = std::make_shared<Plan>(*plan_with({record_of_leaf()}));
      plan->policy.dane_ee_names = names;
      plan->reference_identifiers = {"another.example"};
      const bool skipped = names == DaneEeNames::Skip;
      for (int turn = 0; turn < 3; ++turn)
        CHECK(verdict_by(*engine, plan) ==
              (skipped ? "authenticated (matched) depth 0" : "rejected (dane-ee-name-mismatch)"));
      CHECK(plan->kept.ssl.take() != nullptr);
    }
  }

  TEST_CASE("R6698-2.1b: what one chain has matched vouches for no other") {
    const auto engine = DaneEngine::create().value();
    const SharedPlan plan = plan_with({record_of_leaf()});
    const auto stranger = pki::chain_of({&tree().strangers_leaf});
    for (int turn = 0; turn < 3; ++turn) {
      CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
      CHECK(in_words(judge_offline(*engine, stranger.get(), plan, {})) == "rejected (no-match)");
    }
  }

  TEST_CASE("decision 0030: what has to be tried in several ways keeps nothing") {
    const auto engine = DaneEngine::create().value();
    const SharedPlan plan =
        plan_with({pki::record_for(2, 0, 0, tree().intermediate.certificate.get()), record_of_leaf()});
    for (int turn = 0; turn < 3; ++turn) {
      CHECK(verdict_by(*engine, plan) == "authenticated (matched) depth 0");
      CHECK(plan->kept.ssl.take() == nullptr);
    }
  }

  TEST_CASE("decision 0030: many threads by the same plans, and by engines that come and go") {
    const std::array<SharedPlan, 2> plans = {plan_with({record_of_leaf()}),
                                             plan_with({record_of_stranger()})};
    const std::array<std::string, 2> wanted = {"authenticated (matched) depth 0", "rejected (no-match)"};
    constexpr std::size_t turns = 100;
    std::array<std::size_t, 4> good{};
    std::vector<std::thread> threads;
    for (std::size_t number = 0; number < good.size(); ++number)
      threads.emplace_back([&, number] {
        auto engine = DaneEngine::create().value();
        for (std::size_t turn = 0; turn < turns; ++turn) {
          const std::size_t which = (turn + number) % plans.size();
          good.at(number) += verdict_by(*engine, plans.at(which)) == wanted.at(which);
          if (turn % 16 == 0) engine = DaneEngine::create().value();
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (const std::size_t verdicts : good) CHECK(verdicts == turns);
  }
}
