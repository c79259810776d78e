// Linked with src/policyd/no_fleet.cpp, as builds without hiredis are.
#include <doctest/doctest.h>

#include <string>

#include "policyd/configuration.hpp"
#include "policyd/event_loop.hpp"
#include "policyd/failure.hpp"
#include "policyd/fleet.hpp"

using namespace danelaw::policyd;

TEST_SUITE("A build without hiredis") {
  TEST_CASE("A fleet is refused in one line, before its key is looked for or the engine matters") {
    for (const std::string more : {"", "fleet_key = /nowhere\n", "[default]\nengine = recursing\n"}) {
      INFO(more);
      try {
        static_cast<void>(
            configuration_from_text("[policyd]\nfleet = inet:127.0.0.1:6379\n" + more, "a.conf"));
        FAIL_CHECK("it was taken");
      } catch (const Failure& failure) {
        CHECK(failure.exit() == Exit::Usage);
        CHECK(std::string(failure.what()) == "a.conf: [policyd] fleet: this build has no hiredis for it");
      }
    }
  }

  TEST_CASE("Without fleet it reads all that other builds read, and there is none") {
    CHECK_FALSE(fleet_is_built());
    const Configuration made =
        configuration_from_text("[policyd]\nfleet_key = /nowhere\nfleet_timeout = 9\n", "a.conf");
    EventLoop loop;
    CHECK(fleet_for(loop, made.fleet, nullptr) == nullptr);
  }
}
