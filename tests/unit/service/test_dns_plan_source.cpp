#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sanitizers.hpp"
#include "service/dns_plan_source.hpp"

using namespace danelaw;
using namespace std::chrono_literals;
using verify::Candidates;
using verify::NotAsked;
using verify::Policy;
using verify::Profile;
using verify::Service;
using Names = std::vector<std::string>;

namespace {

const Service www{"www.example", 443, tlsa::Transport::Tcp};
constexpr Deadline at_once{};

Buffer rdata(std::uint8_t usage) {
  Buffer octets{usage, 1, 1};
  octets.resize(3 + 32, 0xAB);
  return octets;
}

DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }

dns::TlsaAnswer answer(dns::TlsaResult result, std::string_view base = "www.example") {
  return {std::move(result), name(base), base != www.host, 1'900'000'000};
}
dns::TlsaAnswer found(std::vector<Buffer> rdatas, std::string_view base = "www.example") {
  return answer(dns::TlsaFound{std::move(rdatas)}, base);
}
std::shared_ptr<const dns::TlsaAnswer> shared(dns::TlsaAnswer made) {
  return std::make_shared<const dns::TlsaAnswer>(std::move(made));
}

Policy policy(Profile profile = Profile::Generic) {
  Policy made;
  made.profile = profile;
  return made;
}

/// A lookup that is finished step by step.
class Steps final : public dns::PendingTlsa {
 public:
  std::optional<DnsName> base_domain;
  std::shared_ptr<const dns::TlsaAnswer> result;
  std::atomic<int> waits{0};

  std::shared_ptr<const dns::TlsaAnswer> wait(Deadline) override {
    ++waits;
    return result;
  }
  std::optional<DnsName> wait_for_base_domain(Deadline) override { return base_domain; }
  int descriptor() override { return 4711; }
};

class FakeResolver final : public dns::Resolver {
 public:
  std::shared_ptr<Steps> next = std::make_shared<Steps>();
  std::vector<dns::TlsaQuestion> asked;

  std::shared_ptr<dns::Pending<dns::Answer>> ask(const dns::Question&) override { return nullptr; }
  std::shared_ptr<dns::PendingTlsa> look_up(const dns::TlsaQuestion& question) override {
    asked.push_back(question);
    return next;
  }
  [[nodiscard]] std::chrono::milliseconds deadline() const override { return 3000ms; }
};

std::optional<NotAsked::Why> why(const verify::SharedPlan& plan) {
  const auto* not_asked = plan ? std::get_if<NotAsked>(&plan->evidence) : nullptr;
  if (not_asked == nullptr) return std::nullopt;
  return not_asked->why;
}

}  // namespace

TEST_SUITE("From an answer to a plan") {
  TEST_CASE("R6698-4.1a: each result leads to its outcome") {
    const auto outcome = [](const dns::TlsaResult& result, Profile profile) {
      return std::string(evidence_name(*service::make_plan(www, policy(profile), answer(result))));
    };
    for (const Profile profile : {Profile::Generic, Profile::Smtp, Profile::Srv}) {
      CHECK(outcome(dns::TlsaFound{{rdata(3)}}, profile) == "secure-usable");
      CHECK(outcome(dns::TlsaFound{{Buffer{3}, Buffer{9, 9, 9, 9}}}, profile) == "secure-unusable");
      CHECK(outcome(dns::TlsaFound{}, profile) == "secure-unusable");
      CHECK(outcome(dns::TlsaAbsent{}, profile) == "secure-absent");
      CHECK(outcome(dns::TlsaInsecure{"x"}, profile) == "insecure");
      CHECK(outcome(tlsa::LookupError{tlsa::LookupFault::Bogus, "x"}, profile) == "error");
      CHECK(outcome(dns::TlsaResult{}, profile) == "error");
    }
  }

  TEST_CASE("R7672-3.1a: usages 0 and 1 count under every profile but smtp") {
    const auto outcome = [](Profile profile, std::uint8_t usage) {
      return std::string(evidence_name(*service::make_plan(www, policy(profile), found({rdata(usage)}))));
    };
    for (const std::uint8_t usage : {std::uint8_t{0}, std::uint8_t{1}}) {
      CHECK(outcome(Profile::Generic, usage) == "secure-usable");
      CHECK(outcome(Profile::Srv, usage) == "secure-usable");
      CHECK(outcome(Profile::Smtp, usage) == "secure-unusable");
    }
  }

  TEST_CASE(
      "R7671-7c: the base domain is SNI and the first name, and an expanded host's own name is another") {
    const auto plan = service::make_plan(www, policy(), found({rdata(3)}, "cdn.example"));
    CHECK(plan->base_domain == "cdn.example");
    CHECK(plan->reference_identifiers == Names{"cdn.example", "www.example"});
    CHECK(service::make_plan(www, policy(), found({rdata(3)}))->reference_identifiers ==
          Names{"www.example"});
    CHECK(plan->service == www);
    CHECK(plan->policy == policy());
  }

  TEST_CASE("R7672-3.2.2a: for smtp the base domain is the only name while nothing but the host is known") {
    const auto plan = service::make_plan(www, policy(Profile::Smtp), found({rdata(2)}, "cdn.example"));
    CHECK(plan->base_domain == "cdn.example");
    CHECK(plan->reference_identifiers == Names{"cdn.example"});
  }

  TEST_CASE("R7671-3a: without a usable record SNI and the name stay the host's own") {
    for (const dns::TlsaResult& result : {dns::TlsaResult{dns::TlsaFound{{Buffer{3}}}},
                                          dns::TlsaResult{dns::TlsaAbsent{}}, dns::TlsaResult{}}) {
      const auto plan = service::make_plan(www, policy(), answer(result, "cdn.example"));
      CHECK(plan->base_domain == "www.example");
      CHECK(plan->reference_identifiers == Names{"www.example"});
    }
  }

  TEST_CASE("A plan expires with the answer, and at once where the lookup failed") {
    CHECK(service::make_plan(www, policy(), found({rdata(3)}))->expires == 1'900'000'000);
    CHECK(service::make_plan(www, policy(), dns::TlsaAnswer{})->expires == 0);
  }
}

TEST_SUITE("The plan source") {
  TEST_CASE("R-private: private names, literals and mode off are answered at once, without a question") {
    struct Row {
      std::string host;
      NotAsked::Why want;
    };
    const std::vector<Row> rows{
        {"localhost", NotAsked::Why::PrivateName},      {"db.localhost", NotAsked::Why::PrivateName},
        {"printer.local", NotAsked::Why::PrivateName},  {"local", NotAsked::Why::PrivateName},
        {"x.onion", NotAsked::Why::PrivateName},        {"db.corp.example", NotAsked::Why::PrivateName},
        {"corp.example", NotAsked::Why::PrivateName},   {"192.0.2.1", NotAsked::Why::AddressLiteral},
        {"2001:db8::1", NotAsked::Why::AddressLiteral}, {"", NotAsked::Why::NoService},
    };
    const auto resolver = std::make_shared<FakeResolver>();
    const auto source = service::dns_plan_source(resolver, {name("corp.example")});
    for (const Row& row : rows) {
      INFO(row.host);
      const auto pending =
          source->start({row.host, 443, tlsa::Transport::Tcp}, policy(), Candidates::FollowAliases);
      REQUIRE(pending);
      CHECK(why(pending->wait(at_once)) == row.want);
      CHECK(pending->wait_for_base_domain(at_once));
    }
    Policy off;
    off.mode = verify::Mode::Off;
    CHECK(why(source->start(www, off, Candidates::FollowAliases)->wait(at_once)) == NotAsked::Why::ModeOff);
    CHECK(why(source->start({"www.example", 0, tlsa::Transport::Tcp}, policy(), Candidates::HostOnly)
                  ->wait(at_once)) == NotAsked::Why::NoService);
    CHECK(resolver->asked.empty());
  }

  TEST_CASE("RFC 6066 section 3: an address literal has no base domain in any mode, mode off included") {
    const auto resolver = std::make_shared<FakeResolver>();
    const auto source = service::dns_plan_source(resolver, {});
    for (const verify::Mode mode :
         {verify::Mode::Off, verify::Mode::Opportunistic, verify::Mode::Mandatory}) {
      Policy asked = policy();
      asked.mode = mode;
      for (const char* host : {"192.0.2.1", "2001:db8::1"}) {
        INFO(host);
        const auto pending =
            source->start({host, 443, tlsa::Transport::Tcp}, asked, Candidates::FollowAliases);
        const auto plan = pending->wait(at_once);
        REQUIRE(plan);
        CHECK(plan->base_domain.empty());
        CHECK(plan->reference_identifiers == std::vector<std::string>{host});
        CHECK(pending->wait_for_base_domain(at_once) == "");
      }
      CHECK(source->start({"localhost", 443, tlsa::Transport::Tcp}, asked, Candidates::FollowAliases)
                ->wait(at_once)
                ->base_domain == "localhost");
    }
    CHECK(resolver->asked.empty());
  }

  TEST_CASE("Names that only look private are asked about") {
    const auto resolver = std::make_shared<FakeResolver>();
    const auto source = service::dns_plan_source(resolver, {name("corp.example")});
    for (const char* host :
         {"localhost.example", "notlocal", "xlocal", "onion.example", "xcorp.example", "db"})
      CHECK(source->start({host, 443, tlsa::Transport::Tcp}, policy(), Candidates::HostOnly) != nullptr);
    CHECK(resolver->asked.size() == 6);
  }

  TEST_CASE("The question is the service's, and aliases are followed where SNI can wait") {
    const auto resolver = std::make_shared<FakeResolver>();
    const auto source = service::dns_plan_source(resolver);
    source->start({"mail.example", 25, tlsa::Transport::Tcp}, policy(), Candidates::FollowAliases);
    source->start({"sip.example", 5061, tlsa::Transport::Sctp}, policy(), Candidates::HostOnly);
    REQUIRE(resolver->asked.size() == 2);
    CHECK(resolver->asked[0] ==
          dns::TlsaQuestion{name("mail.example"), 25, tlsa::Transport::Tcp, dns::AliasOrder::Follow});
    CHECK(resolver->asked[1] ==
          dns::TlsaQuestion{name("sip.example"), 5061, tlsa::Transport::Sctp, dns::AliasOrder::HostOnly});
  }

  TEST_CASE("A name that is no DNS name is a failed lookup") {
    const auto source = service::dns_plan_source(std::make_shared<FakeResolver>());
    const auto plan =
        source->start({"a..b", 443, tlsa::Transport::Tcp}, policy(), Candidates::HostOnly)->wait(at_once);
    REQUIRE(plan);
    CHECK(evidence_name(*plan) == "error");
  }

  TEST_CASE("R7671-3a: the base domain that is given for SNI is always the plan's") {
    struct Row {
      std::string what;
      dns::TlsaAnswer answer;
      std::string want;
    };
    const std::vector<Row> rows{
        {"usable", found({rdata(3)}), "www.example"},
        {"usable, expanded", found({rdata(3)}, "cdn.example"), "cdn.example"},
        {"unusable, expanded", found({Buffer{3}}, "cdn.example"), "www.example"},
        {"absent", answer(dns::TlsaAbsent{}), "www.example"},
        {"error", answer(dns::TlsaResult{}), "www.example"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      const auto resolver = std::make_shared<FakeResolver>();
      const auto pending =
          service::dns_plan_source(resolver)->start(www, policy(), Candidates::FollowAliases);
      CHECK_FALSE(pending->wait_for_base_domain(at_once));
      CHECK(pending->wait(at_once) == nullptr);
      resolver->next->base_domain = row.answer.base_domain;
      if (row.answer.base_domain == name("www.example"))
        CHECK(pending->wait_for_base_domain(at_once) == "www.example");  // before the answer
      resolver->next->result = std::make_shared<const dns::TlsaAnswer>(row.answer);
      CHECK(pending->wait_for_base_domain(at_once) == row.want);
      REQUIRE(pending->wait(at_once));
      CHECK(pending->wait(at_once)->base_domain == row.want);
      CHECK(pending->descriptor() == 4711);
    }
  }

  TEST_CASE("One plan is made of an answer, however often one waits for it") {
    const auto resolver = std::make_shared<FakeResolver>();
    const auto source = service::dns_plan_source(resolver);
    const auto pending = source->start(www, policy(), Candidates::FollowAliases);
    CHECK(pending->wait(at_once) == nullptr);
    const auto first_answer = shared(found({rdata(3)}, "cdn.example"));
    resolver->next->result = first_answer;
    resolver->next->base_domain = first_answer->base_domain;
    CHECK(pending->wait_for_base_domain(at_once) == "cdn.example");
    const verify::SharedPlan plan = pending->wait(at_once);
    REQUIRE(plan);
    CHECK(plan->base_domain == "cdn.example");
    CHECK(pending->wait(at_once) == plan);
    CHECK(pending->wait_for_base_domain(at_once) == "cdn.example");
    CHECK(pending->wait(at_once) == plan);

    // Another lookup of the same service has an answer of its own, be it the same octets.
    CHECK(source->start(www, policy(), Candidates::FollowAliases)->wait(at_once) != plan);

    // As in a forked child, where the lookup began anew.
    resolver->next->result = shared(answer(dns::TlsaAbsent{}));
    REQUIRE(pending->wait(at_once));
    CHECK(evidence_name(*pending->wait(at_once)) == "secure-absent");
    CHECK(pending->wait(at_once)->base_domain == "www.example");
    resolver->next->result = first_answer;
    CHECK(pending->wait(at_once) == plan);
  }

  TEST_CASE("Threads that wait at once have one plan") {
    for (int rounds = 0; rounds < 20; ++rounds) {
      const auto resolver = std::make_shared<FakeResolver>();
      resolver->next->result = shared(found(std::vector<Buffer>(20, rdata(3))));
      const auto pending =
          service::dns_plan_source(resolver)->start(www, policy(), Candidates::FollowAliases);
      constexpr std::size_t count = 4;
      std::vector<verify::SharedPlan> plans(count);
      std::vector<std::thread> threads;
      std::atomic<std::size_t> here{0};
      for (verify::SharedPlan& plan : plans)
        threads.emplace_back([&] {
          ++here;
          while (here < count) std::this_thread::yield();
          plan = pending->wait(at_once);
        });
      for (std::thread& thread : threads) thread.join();
      REQUIRE(plans.front());
      CHECK(evidence_name(*plans.front()) == "secure-usable");
      CHECK(plans == std::vector<verify::SharedPlan>(count, plans.front()));
    }
  }

  // Other threads allocate at the fork, so that children would inherit the sanitizers' locks locked.
  TEST_CASE("A child that was forked while a thread made the plan has one all the same" *
            doctest::skip(under_asan || under_tsan)) {
    constexpr std::size_t enough_to_be_busy_with = 20000;
    constexpr int had_one = 0;
    constexpr int had_none = 1;
    constexpr int came_too_late = 2;
    const auto resolver = std::make_shared<FakeResolver>();
    resolver->next->result = shared(found(std::vector<Buffer>(enough_to_be_busy_with, rdata(3))));
    const auto forked_meanwhile = [&] {
      const auto pending =
          service::dns_plan_source(resolver)->start(www, policy(), Candidates::FollowAliases);
      std::atomic<bool> made{false};
      resolver->next->waits = 0;
      std::thread thread([&] {
        pending->wait(at_once);
        made = true;
      });
      while (resolver->next->waits == 0) std::this_thread::yield();
      const pid_t child = fork();
      if (child == 0) {
        if (made) _exit(came_too_late);
        alarm(30);
        const verify::SharedPlan plan = pending->wait(at_once);
        _exit(plan && evidence_name(*plan) == "secure-usable" ? had_one : had_none);
      }
      int status = -1;
      waitpid(child, &status, 0);
      thread.join();
      return WIFEXITED(status) ? WEXITSTATUS(status) : had_none;
    };
    int got = came_too_late;
    for (int tries = 0; tries < 50 && got == came_too_late; ++tries) got = forked_meanwhile();
    CHECK(got == had_one);
  }

  TEST_CASE("A handshake waits a little longer than the resolver does") {
    const auto patience = service::dns_plan_source(std::make_shared<FakeResolver>())->patience();
    CHECK(patience > 3000ms);
    CHECK(patience < 4000ms);
  }
}
