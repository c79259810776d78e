#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "cli/watch_schedule.hpp"

using danelaw::cli::Schedule;
using namespace std::chrono_literals;

namespace {

constexpr Schedule::Time interval = 100s;

/// Looks that take no time, by a clock that jumps to what is next, until `end`: when each service was looked at.
std::map<std::size_t, std::vector<Schedule::Time>> simulate(Schedule& schedule, Schedule::Time end) {
  std::map<std::size_t, std::vector<Schedule::Time>> looks;
  while (schedule.next() && *schedule.next() <= end) {
    const Schedule::Time now = *schedule.next();
    const std::size_t service = *schedule.take(now);
    looks[service].push_back(now);
    schedule.finished(service, now);
  }
  return looks;
}

}  // namespace

TEST_SUITE("watch: the schedule") {
  TEST_CASE("every service is due at once, each one time") {
    Schedule schedule(3, interval, 5s, 1);
    std::vector<std::size_t> taken;
    while (const auto service = schedule.take(5s)) taken.push_back(*service);
    std::sort(taken.begin(), taken.end());
    CHECK(taken == std::vector<std::size_t>{0, 1, 2});
    CHECK_FALSE(schedule.next().has_value());
  }

  TEST_CASE("nothing is due before its time") {
    Schedule schedule(1, interval, 5s, 1);
    CHECK_FALSE(schedule.take(4s).has_value());
    CHECK(schedule.take(5s).has_value());
  }

  TEST_CASE(
      "each service comes once in an interval, give or take a tenth, and first after a half to a whole one") {
    Schedule schedule(50, interval, 0s, 7);
    const auto looks = simulate(schedule, 2000s);
    REQUIRE(looks.size() == 50);
    for (const auto& look : looks) {
      INFO(look.first);
      const std::vector<Schedule::Time>& times = look.second;
      REQUIRE(times.size() >= 18);
      CHECK(times[0] == 0s);
      CHECK(times[1] >= 50s);
      CHECK(times[1] <= 100s);
      for (std::size_t i = 2; i < times.size(); ++i) {
        CHECK(times[i] - times[i - 1] >= 90s);
        CHECK(times[i] - times[i - 1] <= 110s);
      }
    }
  }

  TEST_CASE("the second looks are spread over half an interval, not at one moment") {
    Schedule schedule(1000, interval, 0s, 7);
    const auto looks = simulate(schedule, 100s);
    std::map<std::int64_t, int> in_second;
    for (const auto& [service, times] : looks)
      if (times.size() > 1) ++in_second[times[1] / 1s];
    CHECK(in_second.size() >= 45);
    for (const auto& [second, count] : in_second) CHECK(count < 60);
  }

  TEST_CASE("a look that takes long is not begun again meanwhile, and its pause begins when it ends") {
    Schedule schedule(1, interval, 0s, 3);
    const std::size_t service = *schedule.take(0s);
    CHECK_FALSE(schedule.take(1000s).has_value());
    schedule.finished(service, 1000s);
    CHECK(*schedule.next() >= 1050s);
  }

  TEST_CASE("who has waited longest comes first") {
    Schedule schedule(2, interval, 0s, 3);
    const std::size_t first = *schedule.take(0s);
    schedule.finished(first, 0s);
    CHECK(*schedule.take(1000s) != first);
  }
}
