#include <doctest/doctest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "scripted_resolver.hpp"
#include "service/readiness.hpp"
#include "service/smtp.hpp"

using namespace danelaw;
using namespace std::chrono_literals;

namespace {

bool is_readable(int descriptor, std::chrono::milliseconds patience = 0ms) {
  pollfd entry{descriptor, POLLIN, 0};
  return poll(&entry, 1, static_cast<int>(patience.count())) == 1;
}

service::SmtpQuestion question_about(std::string_view next_hop) {
  service::SmtpQuestion question;
  question.next_hop = service::parse_next_hop(next_hop, 25).value();
  question.random = script::never_moves;
  return question;
}

service::RouteSources sources(const std::shared_ptr<script::Resolver>& resolver) {
  return {resolver, service::dns_plan_source(resolver), [] { return script::now; }};
}

}  // namespace

TEST_SUITE("One descriptor for a search of many lookups") {
  TEST_CASE("It is readable when one of those it stands for is, and when it is called") {
    const int watched = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const auto readiness = service::Readiness::create(1h);
    REQUIRE(readiness);
    CHECK(readiness->watch(watched));
    CHECK(readiness->watch(watched));
    CHECK_FALSE(readiness->watch(-1));
    CHECK_FALSE(is_readable(readiness->descriptor()));
    eventfd_write(watched, 1);
    CHECK(is_readable(readiness->descriptor()));
    close(watched);
    CHECK_FALSE(is_readable(readiness->descriptor()));
    readiness->call();
    CHECK(is_readable(readiness->descriptor(), 10s));
  }

  TEST_CASE("It is readable at the deadline, whatever has come") {
    const auto readiness = service::Readiness::create(1ms);
    REQUIRE(readiness);
    CHECK(is_readable(readiness->descriptor(), 10s));
  }

  TEST_CASE("A search that needs no DNS is there at the first look, and its descriptor says so") {
    const auto resolver = std::make_shared<script::Resolver>();
    service::RouteSearch search(sources(resolver), service::smtp_itinerary(question_about("[192.0.2.1]")));
    CHECK(is_readable(search.descriptor(), 10s));
    REQUIRE(search.wait({}) != nullptr);
    CHECK(is_readable(search.descriptor(), 10s));
  }

  TEST_CASE("A search that hangs gives nothing before its deadline, and a deferred domain then") {
    const auto resolver = std::make_shared<script::Resolver>();
    resolver->patience = 1ms;
    resolver->hanging.insert({"domain.example", RrType::Mx});
    service::RouteSearch search(sources(resolver), service::smtp_itinerary(question_about("domain.example")));
    CHECK(search.wait({}) == nullptr);
    CHECK(is_readable(search.descriptor(), 10s));
    const auto route = search.wait(Deadline::max());
    REQUIRE(route != nullptr);
    CHECK(route->state == service::RouteState::Defer);
    CHECK(search.wait({}) == route);
  }
}
