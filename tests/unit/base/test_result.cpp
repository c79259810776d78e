#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "base/result.hpp"

using namespace danelaw;

TEST_SUITE("Results") {
  TEST_CASE("What a result holds is given away with it, not copied") {
    Result<std::shared_ptr<int>> result(std::make_shared<int>(7));
    const std::shared_ptr<int> taken = *std::move(result);
    CHECK(*taken == 7);
    CHECK(taken.use_count() == 1);
  }
}
