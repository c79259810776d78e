#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/memo.hpp"

using danelaw::Memo;

TEST_SUITE("What is found out once") {
  TEST_CASE("nobody finds it out again, and it stays where it is") {
    const Memo<std::string> memo;
    int found_out = 0;
    const auto find_out = [&found_out] {
      ++found_out;
      return std::string("found");
    };
    const std::string& first = memo.get(find_out);
    CHECK(first == "found");
    CHECK(&memo.get(find_out) == &first);
    CHECK(found_out == 1);
  }

  TEST_CASE("what throws has found out nothing") {
    const Memo<int> memo;
    CHECK_THROWS_AS(memo.get([]() -> int { throw std::runtime_error("not now"); }), std::runtime_error);
    CHECK(memo.get([] { return 2; }) == 2);
  }

  TEST_CASE("a copy begins with nothing, also where it is made by moving") {
    Memo<int> memo;
    CHECK(memo.get([] { return 1; }) == 1);
    const Memo<int> copy = memo;
    CHECK(copy.get([] { return 2; }) == 2);
    const Memo<int> moved = std::move(memo);
    CHECK(moved.get([] { return 3; }) == 3);
    CHECK(memo.get([] { return 4; }) == 1);  // NOLINT: it has given nothing away
  }

  TEST_CASE("it can be forgotten where the object was altered") {
    Memo<int> memo;
    CHECK(memo.get([] { return 1; }) == 1);
    memo.forget();
    CHECK(memo.get([] { return 2; }) == 2);
  }

  TEST_CASE("threads that need it at once all get the same") {
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
      const Memo<int> memo;
      std::atomic<int> next = 0;
      std::atomic<int> ready = 0;
      std::vector<const int*> got(4);
      std::vector<std::thread> threads;
      for (const int*& place : got)
        threads.emplace_back([&] {
          ++ready;
          while (ready < 4) std::this_thread::yield();
          place = &memo.get([&next] { return ++next; });
        });
      for (std::thread& thread : threads) thread.join();
      for (const int* place : got) REQUIRE(place == got.front());
      REQUIRE(&memo.get([&next] { return ++next; }) == got.front());
    }
  }
}
