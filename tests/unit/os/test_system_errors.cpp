#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "os/system_errors.hpp"
#include "translated.hpp"

using namespace danelaw;

TEST_SUITE("What the system says of an error") {
  TEST_CASE("It is a line for every number, also for one that there is not") {
    CHECK(text_of_error(ECONNREFUSED) == "Connection refused");
    CHECK(text_of_error(EMFILE) == "Too many open files");
    CHECK(text_of_error(99999).find("99999") != std::string::npos);
    CHECK_FALSE(text_of_error(-1).empty());
  }

  TEST_CASE("It is the same whatever language the host speaks") {
    const Translated translated("Connection refused", "anslutningen nekades");
    if (!translated.is_heard(ECONNREFUSED)) return;
    CHECK(text_of_error(ECONNREFUSED) == "Connection refused");
  }
}
