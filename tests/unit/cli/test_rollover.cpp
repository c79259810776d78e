// Plans of rollovers in a simulated Internet: name servers that lag, caches that hold what they have seen as long as they may,
// servers that switch one after the other. At every moment each kind of record that any cache may hold must match whatever any
// server may show (RFC 7671 section 8.4).
#include "rollover.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

using namespace danelaw::cli;

namespace {

using Time = std::int64_t;
constexpr Time always = std::numeric_limits<Time>::min() / 2;
constexpr Time for_ever = std::numeric_limits<Time>::max() / 2;

/// All random numbers of a case.
class Dice {
 public:
  explicit Dice(unsigned seed) : m_engine(seed) {}
  Time up_to(Time most) { return std::uniform_int_distribution<Time>(0, most)(m_engine); }
  bool one_in(int n) { return up_to(n - 1) == 0; }

 private:
  std::mt19937 m_engine;
};

/// What a chain can be named by. `name` stands for its certificate, `key` for its key, `ca` for what is above it; "" where there
/// is none.
Associations make_chain(const std::string& name, const std::string& key, const std::string& ca) {
  Associations chain;
  for (const int usage : {0, 1, 2, 3})
    for (const int selector : {0, 1})
      for (const int matching_type : {0, 1, 2}) {
        const bool about_ca = usage == 0 || usage == 2;
        const std::string& what = about_ca ? ca : selector == 0 ? name : key;
        if (!what.empty())
          chain[{usage, selector, matching_type}] = {what + (selector == 0 ? "/cert" : "/key")};
      }
  return chain;
}

struct Case {
  Rollover rollover;
  Time old_ttl = 0;
  Time new_ttl = 0;
};

std::vector<Parameters> some_kinds(const Associations& chain, Dice& dice) {
  std::vector<Parameters> kinds;
  for (const auto& [parameters, data] : chain)
    if (dice.one_in(6)) kinds.push_back(parameters);
  if (kinds.empty()) kinds.push_back({3, 1, 1});
  return kinds;
}

Case make_case(Dice& dice) {
  Case made;
  Rollover& rollover = made.rollover;
  const std::string ca = dice.one_in(4) ? "" : "CA";
  rollover.current = make_chain(dice.one_in(5) ? "" : "old", "old", ca);
  const bool same_key = dice.one_in(4);
  const std::string next_ca = dice.one_in(4) ? "" : dice.one_in(2) ? ca : "other CA";
  rollover.next = make_chain(dice.one_in(5) ? "" : "new", same_key ? "old" : "new", next_ca);
  if (!dice.one_in(10))
    for (const Parameters& parameters : some_kinds(rollover.current, dice))
      rollover.published.push_back(record_of(rollover.current, parameters));
  rollover.wanted = some_kinds(rollover.next, dice);
  made.old_ttl = dice.up_to(dice.one_in(2) ? 100 : 200000);
  made.new_ttl = dice.up_to(dice.one_in(2) ? 100 : 200000);
  rollover.longest_ttl = std::max(made.old_ttl, made.new_ttl);
  rollover.propagation = dice.one_in(2) ? 0 : dice.up_to(10000);
  rollover.start = 1'800'000'000;
  return made;
}

struct Interval {
  Time from = 0;
  Time to = 0;
  [[nodiscard]] bool meets(const Interval& other) const { return from < other.to && other.from < to; }
};

/// What stands in DNS, and how long anybody may go by it.
struct Version {
  std::vector<TlsaRecord> records;
  Interval known;
};

struct Shown {
  const Associations* chain = nullptr;
  Interval shown;
};

struct History {
  std::vector<Version> versions;
  std::vector<Shown> chains;
};

/// Steps as somebody makes them: never too early, often late. Each name server has a change within the propagation time; caches
/// keep what they were told last for its whole TTL.
History live_through(const std::vector<Step>& steps, const Case& lived, Dice& dice) {
  const Rollover& rollover = lived.rollover;
  History history;
  history.versions.push_back({rollover.published, {always, for_ever}});
  Interval current{always, for_ever};
  Interval next{for_ever, for_ever};
  Time ttl = lived.old_ttl;
  Time now = rollover.start;
  for (const Step& step : steps) {
    now += step.wait + (dice.one_in(2) ? 0 : dice.up_to(100000));
    if (step.kind == StepKind::Publish) {
      // The last that a name server said before it had the change, a cache keeps for the TTL.
      history.versions.back().known.to = now + rollover.propagation + ttl + 1;
      history.versions.push_back({step.records, {now, for_ever}});
      ttl = lived.new_ttl;
      // Servers may have gone back until now.
      if (next.from != for_ever) current.to = now;
    }
    if (step.kind == StepKind::Switch) {
      next.from = now;
      now += dice.up_to(5000);  // one server after the other
      current.to = now;
    }
  }
  history.chains = {{&rollover.current, current}, {&rollover.next, next}};
  return history;
}

/// The first moment at which somebody may be locked out.
std::string fault(const History& history) {
  for (const Version& version : history.versions)
    for (const Shown& shown : history.chains)
      if (version.known.meets(shown.shown) && !unmatched_kinds(version.records, *shown.chain).empty())
        return "version " + std::to_string(&version - history.versions.data()) + " and chain " +
               std::to_string(&shown - history.chains.data()) +
               " meet: " + to_text(unmatched_kinds(version.records, *shown.chain));
  return "";
}

using Mutation = std::function<void(std::vector<Step>&, const Case&)>;
constexpr unsigned cases = 3000;

unsigned faults_of(const Mutation& mutate) {
  unsigned faults = 0;
  for (unsigned seed = 0; seed < cases; ++seed) {
    Dice dice(seed);
    const Case made = make_case(dice);
    std::vector<Step> steps = plan_rollover(made.rollover);
    mutate(steps, made);
    if (!fault(live_through(steps, made, dice)).empty()) ++faults;
  }
  return faults;
}

bool begins_by_publishing(const std::vector<Step>& steps) {
  return !steps.empty() && steps.front().kind == StepKind::Publish;
}

void erase_kind(std::vector<Step>& steps, StepKind kind) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const Step& s) { return s.kind == kind; });
  if (found != steps.end()) steps.erase(found);
}

/// 3 1 1 and 2 1 1 of two chains with nothing in common.
Rollover rollover_of(std::vector<Parameters> before, std::vector<Parameters> after) {
  Rollover rollover;
  rollover.current = make_chain("old", "old", "CA");
  rollover.next = make_chain("new", "new", "other CA");
  for (const Parameters& parameters : before)
    rollover.published.push_back(record_of(rollover.current, parameters));
  rollover.wanted = std::move(after);
  rollover.start = 1000;
  rollover.longest_ttl = 3600;
  return rollover;
}

std::vector<std::string> words_of(const std::vector<Step>& steps) {
  std::vector<std::string> words;
  for (const Step& step : steps) {
    std::string text = std::string(to_string(step.kind)) + " at " + std::to_string(step.earliest);
    for (const TlsaRecord& record : step.records)
      text += "; " + to_text(record.parameters) + " " + record.data.substr(0, record.data.find('/'));
    words.push_back(text);
  }
  return words;
}

}  // namespace

TEST_SUITE("RFC 7671 section 8: rollovers") {
  TEST_CASE(
      "R7671-8.4a: no plan ever locks a client out, whatever caches hold and however late the steps are") {
    for (unsigned seed = 0; seed < cases; ++seed) {
      Dice dice(seed);
      const Case made = make_case(dice);
      const std::vector<Step> steps = plan_rollover(made.rollover);
      INFO(seed);
      CHECK(fault(live_through(steps, made, dice)) == "");
      // In the end what was wanted stands there, for what is shown.
      const std::vector<TlsaRecord> last = steps.empty() ? made.rollover.published : steps.back().records;
      CHECK(kinds_of(last).size() == made.rollover.wanted.size());
      CHECK(unmatched_kinds(last, made.rollover.next).empty());
      CHECK(std::is_sorted(steps.begin(), steps.end(),
                           [](const Step& one, const Step& other) { return one.earliest < other.earliest; }));
    }
  }

  TEST_CASE("the simulation sees what is wrong with a plan") {
    struct Row {
      const char* what;
      Mutation mutate;
    };
    const std::vector<Row> rows = {
        {"no wait before the switch",
         [](std::vector<Step>& steps, const Case&) {
           for (Step& step : steps) step.wait = 0;
         }},
        {"half a TTL of wait",
         [](std::vector<Step>& steps, const Case& made) {
           for (Step& step : steps) step.wait = std::min(step.wait, made.rollover.longest_ttl / 2);
         }},
        {"no time for name servers",
         [](std::vector<Step>& steps, const Case& made) {
           for (Step& step : steps) step.wait = std::min(step.wait, made.rollover.longest_ttl);
         }},
        {"no records of the next chain beforehand",
         [](std::vector<Step>& steps, const Case&) {
           if (begins_by_publishing(steps)) steps.erase(steps.begin());
         }},
        {"the last records come before the switch",
         [](std::vector<Step>& steps, const Case&) {
           for (std::size_t i = 1; i < steps.size(); ++i)
             if (steps[i].kind == StepKind::Publish && steps[i - 1].kind == StepKind::Switch)
               std::swap(steps[i], steps[i - 1]);
         }},
        {"the next chain has no record of one kind",
         [](std::vector<Step>& steps, const Case& made) {
           if (!begins_by_publishing(steps)) return;
           auto& records = steps.front().records;
           const auto only_next = std::find_if(records.begin(), records.end(), [&](const TlsaRecord& record) {
             return !matches(made.rollover.current, record);
           });
           if (only_next != records.end()) records.erase(only_next);
         }},
        {"the records are replaced, not augmented",
         [](std::vector<Step>& steps, const Case& made) {
           if (!begins_by_publishing(steps)) return;
           std::erase_if(steps.front().records,
                         [&](const TlsaRecord& record) { return !matches(made.rollover.next, record); });
         }},
        {"nobody switches",
         [](std::vector<Step>& steps, const Case&) { erase_kind(steps, StepKind::Switch); }},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      CHECK(faults_of(row.mutate) > 0);
    }
    CHECK(faults_of([](std::vector<Step>&, const Case&) {}) == 0);
  }

  TEST_CASE("R7671-8.1a: a new key under 3 1 1: beside the old one, two TTLs, switch, remove, two TTLs") {
    CHECK(words_of(plan_rollover(rollover_of({{3, 1, 1}}, {{3, 1, 1}}))) ==
          std::vector<std::string>{"publish at 1000; 3 1 1 old; 3 1 1 new",
                                   "switch at 8200; 3 1 1 old; 3 1 1 new", "publish at 8200; 3 1 1 new",
                                   "retire at 15400; 3 1 1 new"});
  }

  TEST_CASE("R7671-8.1a: another CA under 2 1 1") {
    CHECK(words_of(plan_rollover(rollover_of({{2, 1, 1}}, {{2, 1, 1}}))) ==
          std::vector<std::string>{"publish at 1000; 2 1 1 CA; 2 1 1 other CA",
                                   "switch at 8200; 2 1 1 CA; 2 1 1 other CA",
                                   "publish at 8200; 2 1 1 other CA", "retire at 15400; 2 1 1 other CA"});
  }

  TEST_CASE("R7671-8.1a: under 3 1 1 and 2 1 1 each of the two gets a companion") {
    const std::vector<Step> steps =
        plan_rollover(rollover_of({{3, 1, 1}, {2, 1, 1}}, {{3, 1, 1}, {2, 1, 1}}));
    CHECK(words_of(steps).front() == "publish at 1000; 3 1 1 old; 2 1 1 CA; 3 1 1 new; 2 1 1 other CA");
    CHECK(steps.size() == 4);
  }

  TEST_CASE("R7671-8.2a: from 3 1 1 to 2 1 1 the kinds change once the new chain is there") {
    CHECK(words_of(plan_rollover(rollover_of({{3, 1, 1}}, {{2, 1, 1}}))) ==
          std::vector<std::string>{"publish at 1000; 3 1 1 old; 3 1 1 new",
                                   "switch at 8200; 3 1 1 old; 3 1 1 new", "publish at 8200; 2 1 1 other CA",
                                   "retire at 15400; 2 1 1 other CA"});
  }

  TEST_CASE("R7671-8.2a: where the next chain has nothing of the old kind, the kind changes first") {
    Rollover rollover = rollover_of({{2, 1, 1}}, {{3, 1, 1}});
    rollover.next = make_chain("new", "new", "");
    CHECK(words_of(plan_rollover(rollover)) ==
          std::vector<std::string>{"publish at 1000; 3 1 1 old; 3 1 1 new",
                                   "switch at 8200; 3 1 1 old; 3 1 1 new", "publish at 8200; 3 1 1 new",
                                   "retire at 15400; 3 1 1 new"});
  }

  TEST_CASE("R7671-8.3a: other kinds for the same chain need no switch and no wait") {
    Rollover rollover = rollover_of({{3, 0, 1}}, {{3, 1, 1}});
    rollover.next = rollover.current;
    CHECK(words_of(plan_rollover(rollover)) == std::vector<std::string>{"publish at 1000; 3 1 1 old"});
  }

  TEST_CASE("a new certificate for the same key needs no new 3 1 1 record, and waits for nobody") {
    Rollover rollover = rollover_of({{3, 1, 1}}, {{3, 1, 1}});
    rollover.next = make_chain("new", "old", "CA");
    rollover.published_since = rollover.start;
    CHECK(words_of(plan_rollover(rollover)) == std::vector<std::string>{"switch at 1000; 3 1 1 old"});
  }

  TEST_CASE("records that are there already count from when they came") {
    Rollover rollover = rollover_of({{3, 1, 1}}, {{3, 1, 1}});
    rollover.published.push_back(record_of(rollover.next, {3, 1, 1}));
    rollover.published_since = 400;
    CHECK(words_of(plan_rollover(rollover)).front() == "switch at 7600; 3 1 1 old; 3 1 1 new");
    rollover.published_since = -100000;
    CHECK(words_of(plan_rollover(rollover)).front() == "switch at 1000; 3 1 1 old; 3 1 1 new");
  }

  TEST_CASE("where nothing is published nothing waits") {
    CHECK(words_of(plan_rollover(rollover_of({}, {{3, 1, 1}}))) ==
          std::vector<std::string>{"switch at 1000", "publish at 1000; 3 1 1 new"});
  }

  TEST_CASE("a record of another certificate beside the current one stays until the end") {
    Rollover rollover = rollover_of({{3, 1, 1}}, {{3, 1, 1}});
    rollover.published.push_back({{3, 1, 1}, "second/key"});
    CHECK(words_of(plan_rollover(rollover)).front() == "publish at 1000; 3 1 1 old; 3 1 1 second; 3 1 1 new");
  }
}
