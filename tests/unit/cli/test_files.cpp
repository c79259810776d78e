#include "files.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "exit.hpp"
#include "translated.hpp"

using namespace danelaw::cli;

TEST_SUITE("danelaw: files") {
  TEST_CASE("one that is not there is told in English, whatever the locale") {
    const danelaw::Translated translated("No such file or directory", "filen finns inte");
    if (!translated.is_heard(ENOENT)) return;
    CHECK_THROWS_WITH_AS(static_cast<void>(read_file("/nowhere/at/all", 1, "a file")),
                         "/nowhere/at/all: No such file or directory", Failure);
  }
}
