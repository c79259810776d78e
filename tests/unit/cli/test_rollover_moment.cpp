#include "rollover_moment.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace danelaw::cli;

namespace {

/// A chain of a certificate, a key and a CA, each named by one letter.
Associations chain_of(const std::string& certificate, const std::string& key, const std::string& ca) {
  Associations chain;
  for (const int usage : {1, 3})
    for (const int selector : {0, 1})
      for (const int matching_type : {0, 1, 2})
        chain[{usage, selector, matching_type}] = {selector == 0 ? certificate : key};
  for (const int selector : {0, 1})
    for (const int matching_type : {0, 1, 2})
      if (!ca.empty()) chain[{2, selector, matching_type}] = {ca};
  return chain;
}

const Associations old_chain = chain_of("a", "a", "A");
const Associations new_chain = chain_of("b", "b", "B");

TlsaRecord record(int usage, const std::string& data) { return {{usage, 1, 1}, data}; }

Moment moment_of(std::vector<TlsaRecord> published, std::vector<Associations> shown) {
  Moment moment;
  moment.published = std::move(published);
  moment.shown = std::move(shown);
  moment.next = new_chain;
  moment.wanted = {{3, 1, 1}};
  moment.now = 100000;
  moment.wait = 7200;
  return moment;
}

struct Row {
  const char* what;
  std::vector<TlsaRecord> published;
  std::vector<Associations> shown;
  std::optional<std::int64_t> since;
  Stage stage;
  int exit;
  std::int64_t safe_at;
};

}  // namespace

TEST_SUITE("RFC 7671 section 8: is now a safe moment") {
  TEST_CASE("R7671-8.4b: what is published and shown decides, and since when") {
    const std::vector<TlsaRecord> both = {record(3, "a"), record(3, "b")};
    const std::vector<Row> rows = {
        {"nothing published", {}, {old_chain}, {}, Stage::NoDane, 3, 0},
        {"next is missing", {record(3, "a")}, {old_chain}, {}, Stage::PublishFirst, 1, 0},
        {"next is missing of one kind",
         {record(3, "a"), record(3, "b"), record(2, "A")},
         {old_chain},
         0,
         Stage::PublishFirst,
         1,
         0},
        {"both, nobody knows since when", both, {old_chain}, {}, Stage::Unknown, 4, 107200},
        {"both, a second too early", both, {old_chain}, 92801, Stage::Wait, 1, 100001},
        {"both, on the second", both, {old_chain}, 92800, Stage::Switch, 0, 0},
        {"both, published in the future", both, {old_chain}, 100001, Stage::Wait, 1, 107201},
        {"one server switched too early", both, {new_chain, old_chain}, {}, Stage::Unknown, 4, 107200},
        {"one server switched", both, {new_chain, old_chain}, 0, Stage::Switch, 0, 0},
        {"all switched", both, {new_chain, new_chain}, {}, Stage::Remove, 0, 0},
        {"all done", {record(3, "b")}, {new_chain}, {}, Stage::Done, 0, 0},
        {"switched without a record", {record(3, "a")}, {new_chain}, 0, Stage::Refused, 1, 0},
        {"one of two is refused", both, {old_chain, chain_of("x", "x", "")}, 0, Stage::Refused, 1, 0},
        {"what no server sends is not missed",
         {record(3, "b"), record(0, "root")},
         {old_chain},
         0,
         Stage::PublishFirst,
         1,
         0},
        {"the same key", {record(3, "a")}, {chain_of("x", "a", "A")}, {}, Stage::PublishFirst, 1, 0},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      Moment moment = moment_of(row.published, row.shown);
      moment.published_since = row.since;
      const Judgement judgement = judge_moment(moment);
      CHECK(to_string(judgement.stage) == std::string(to_string(row.stage)));
      CHECK(static_cast<int>(exit_for(judgement.stage)) == row.exit);
      CHECK(judgement.safe_at == row.safe_at);
    }
  }

  TEST_CASE("of two judgements the one that must be waited for longer is the worse") {
    constexpr std::array worst_first = {Stage::Refused, Stage::PublishFirst, Stage::Unknown, Stage::Wait,
                                        Stage::Switch,  Stage::Remove,       Stage::Done,    Stage::NoDane};
    for (std::size_t i = 0; i < worst_first.size(); ++i)
      for (std::size_t j = 0; j < worst_first.size(); ++j) {
        INFO(to_string(worst_first[i]) << ", " << to_string(worst_first[j]));
        CHECK(is_worse({worst_first[i], 0, {}, {}}, {worst_first[j], 0, {}, {}}) == (i < j));
      }
    CHECK(is_worse({Stage::Wait, 2, {}, {}}, {Stage::Wait, 1, {}, {}}));
    CHECK_FALSE(is_worse({Stage::Wait, 1, {}, {}}, {Stage::Wait, 2, {}, {}}));
  }

  TEST_CASE("a new certificate for the same key is safe at once, whenever the record came") {
    Moment moment = moment_of({record(3, "a")}, {old_chain});
    moment.next = chain_of("renewed", "a", "A");
    CHECK(judge_moment(moment).stage == Stage::Switch);
    moment.published.push_back({{3, 0, 1}, "a"});  // of the certificate, which the next one does not match
    CHECK(judge_moment(moment).stage == Stage::PublishFirst);
  }

  TEST_CASE("what is missing and what is stale is named") {
    const Judgement early = judge_moment(moment_of({record(3, "a"), record(2, "A")}, {old_chain}));
    CHECK(early.missing == std::vector<TlsaRecord>{record(3, "b"), record(2, "B")});
    const Judgement late =
        judge_moment(moment_of({record(3, "a"), record(3, "b"), record(2, "B")}, {new_chain}));
    CHECK(late.stale == std::vector<TlsaRecord>{record(3, "a"), record(2, "B")});
  }

  TEST_CASE("a kind that the next chain does not have is missing without data") {
    Moment moment = moment_of({record(3, "a"), record(2, "A")}, {old_chain});
    moment.next = chain_of("b", "b", "");
    CHECK(judge_moment(moment).missing == std::vector<TlsaRecord>{record(3, "b"), record(2, "")});
  }

  TEST_CASE("a key alone is compared by the key") {
    Associations key = chain_of("b", "b", "");
    std::erase_if(key, [](const auto& entry) { return entry.first.selector == 0; });
    CHECK(shows_next(new_chain, key));
    CHECK_FALSE(shows_next(old_chain, key));
    CHECK_FALSE(shows_next(chain_of("renewed", "b", "B"), new_chain));
  }
}
