#include <doctest/doctest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "support.hpp"
#include "verify/scratch_ssls.hpp"

using namespace danelaw;
using namespace danelaw::verify;
using support::in_words;
using support::plan_with;
using support::tree;

namespace {

tlsa::RecordSet set_of(const std::vector<std::string>& texts) {
  std::vector<tlsa::Record> records;
  for (const std::string& text : texts) records.push_back(tlsa::Record::from_text(text).value());
  return tlsa::RecordSet::from_records(records, tlsa::Usages::All);
}

std::string digest(char digit) { return std::string(64, digit); }

struct Scratch {
  ScratchSsls ssls{[] {
    SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_dane_enable(ctx);
    return ctx;
  }()};

  [[nodiscard]] ScratchSsls::Loan borrow(const tlsa::RecordSet& records,
                                         DaneEeNameChecks checks = DaneEeNameChecks::Made) {
    return ssls.with(records.usable(), checks);
  }
  /// Borrowed, marked and given back.
  void used(const tlsa::RecordSet& records, DaneEeNameChecks checks = DaneEeNameChecks::Made) {
    const auto loan = borrow(records, checks);
    REQUIRE(loan);
    SSL_set_app_data(loan.get(), this);
  }
  bool was_used(const tlsa::RecordSet& records, DaneEeNameChecks checks = DaneEeNameChecks::Made) {
    const auto loan = borrow(records, checks);
    return loan && SSL_get_app_data(loan.get()) == this;
  }
};

/// An ordinary chain's verdict by `engine`.
std::string verdict_of(const DaneEngine& engine, const tlsa::Record& record) {
  const auto chain = pki::chain_of({&tree().leaf, &tree().intermediate});
  return in_words(judge_offline(engine, chain.get(), plan_with({record}), {}));
}

}  // namespace

TEST_SUITE("The SSLs that hold records for OpenSSL's DANE engine") {
  TEST_CASE("One that has served serves again, for the very same records alone") {
    const std::string base = "3 1 1 " + digest('a');
    struct Row {
      const char* what;
      std::vector<std::string> records;
      DaneEeNameChecks checks = DaneEeNameChecks::Made;
      bool again = false;
    };
    const Row rows[] = {
        {"the same", {base}, DaneEeNameChecks::Made, true},
        {"another usage", {"2 1 1 " + digest('a')}},
        {"another selector", {"3 0 1 " + digest('a')}},
        {"another matching type", {"3 1 2 " + digest('a') + digest('a')}},
        {"other data", {"3 1 1 " + digest('b')}},
        {"one more", {base, "3 1 1 " + digest('b')}},
        {"names are not compared", {base}, DaneEeNameChecks::Skipped},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      Scratch scratch;
      scratch.used(set_of({base}));
      CHECK(scratch.was_used(set_of(row.records), row.checks) == row.again);
    }
  }

  TEST_CASE("One that is lent is lent to nobody else") {
    Scratch scratch;
    const auto records = set_of({"3 1 1 " + digest('a')});
    scratch.used(records);
    const auto first = scratch.borrow(records);
    const auto second = scratch.borrow(records);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first.get() != second.get());
  }

  TEST_CASE("A few wait, and who has waited longest goes first; long lists of records do not wait") {
    Scratch scratch;
    const auto numbered = [](std::size_t number) {
      return set_of({"3 1 1 " + std::string(62, '0') + std::to_string(number)});
    };
    constexpr std::size_t first = 10;
    for (std::size_t number = first; number <= first + ScratchSsls::most_waiting; ++number)
      scratch.used(numbered(number));
    CHECK(scratch.was_used(numbered(first + ScratchSsls::most_waiting)));
    CHECK(scratch.was_used(numbered(first + 1)));
    CHECK_FALSE(scratch.was_used(numbered(first)));

    std::vector<std::string> many;
    for (std::size_t number = first; number < 10 * first; ++number)
      many.push_back("3 1 1 " + std::string(62, '0') + std::to_string(number));
    scratch.used(set_of(many));
    CHECK_FALSE(scratch.was_used(set_of(many)));
  }

  TEST_CASE("Without a single record there is no SSL: OpenSSL would take it for plain PKIX") {
    Scratch scratch;
    CHECK_FALSE(scratch.borrow(set_of({})));
    CHECK_FALSE(scratch.borrow(set_of({})));
  }

  TEST_CASE(
      "R6698-2.1b: who was accepted by one record is not accepted by the next plan's, nor the other way "
      "round") {
    const auto engine = DaneEngine::create().value();
    const auto right = pki::record_for(3, 1, 1, tree().leaf.certificate.get());
    const auto wrong = pki::record_for(3, 1, 1, tree().strangers_leaf.certificate.get());
    const auto anchor = pki::record_for(2, 1, 1, tree().intermediate.certificate.get());
    for (int turn = 0; turn < 3; ++turn) {
      CHECK(verdict_of(*engine, right) == "authenticated (matched) depth 0");
      CHECK(verdict_of(*engine, wrong) == "rejected (no-match)");
      CHECK(verdict_of(*engine, anchor) == "authenticated (matched) depth 1");
    }
  }

  TEST_CASE("Many threads verify by one engine, each by its own records") {
    const auto engine = DaneEngine::create().value();
    const auto right = pki::record_for(3, 1, 1, tree().leaf.certificate.get());
    const auto wrong = pki::record_for(3, 1, 1, tree().strangers_leaf.certificate.get());
    constexpr int turns = 100;
    std::array<int, 4> good{};
    std::vector<std::thread> threads;
    for (std::size_t number = 0; number < good.size(); ++number)
      threads.emplace_back([&, number] {
        for (int turn = 0; turn < turns; ++turn) {
          const bool is_right = (static_cast<std::size_t>(turn) + number) % 2 == 0;
          const std::string want = is_right ? "authenticated (matched) depth 0" : "rejected (no-match)";
          good.at(number) += verdict_of(*engine, is_right ? right : wrong) == want;
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (const int verdicts : good) CHECK(verdicts == turns);
  }
}
