#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::Fault;
using danelaw::verify::Mode;

namespace {

template <class T>
Fault fault_of(const danelaw::Result<T>& result) {
  REQUIRE_FALSE(result.ok());
  CHECK_FALSE(result.problem().text.empty());
  return result.problem().fault;
}

Service service(const std::string& host, std::uint16_t port = 443) {
  return {host, port, danelaw::tlsa::Transport::Tcp};
}

}  // namespace

TEST_SUITE("attaching, naming, and being told off") {
  TEST_CASE("decision 0012: an SSL_CTX is attached once, with an engine and a clock") {
    Client client;
    auto settings = client.settings;
    CHECK(fault_of(danelaw::hook::attach(nullptr, settings)) == Fault::Argument);
    settings.engine = nullptr;
    CHECK(fault_of(danelaw::hook::attach(client.ctx(), settings)) == Fault::Argument);
    settings = client.settings;
    settings.clock = nullptr;
    CHECK(fault_of(danelaw::hook::attach(client.ctx(), settings)) == Fault::Argument);
    REQUIRE(danelaw::hook::attach(client.ctx(), client.settings).ok());
    CHECK(fault_of(danelaw::hook::attach(client.ctx(), client.settings)) == Fault::State);
    CHECK(errors().empty());
  }

  TEST_CASE("decision 0012: an SSL_CTX on which the unsent extension is taken is left as it was") {
    Client client;
    client.settings.source = at_once(plan_for(peers().leaf));
    REQUIRE(SSL_CTX_add_client_custom_ext(client.ctx(), 65359, nullptr, nullptr, nullptr, nullptr, nullptr) ==
            1);
    CHECK(fault_of(danelaw::hook::attach(client.ctx(), client.settings)) == Fault::State);
    CHECK((SSL_CTX_get_info_callback(client.ctx()) == nullptr));
    const Ssl ssl = client.ssl();
    CHECK(fault_of(danelaw::hook::set_service(ssl.get(), www)) == Fault::State);
    CHECK(errors().empty());
  }

  TEST_CASE("decision 0012: what is no service is refused, and the SSL is as before") {
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    for (const char* host :
         {"", ".", "no name", "www..example", "\\119ww.example", "a\\.b.example", "under/score"}) {
      INFO(host);
      CHECK(fault_of(danelaw::hook::set_service(ssl.get(), service(host))) == Fault::Name);
    }
    CHECK(fault_of(danelaw::hook::set_service(ssl.get(), service("www.example", 0))) == Fault::Port);
    CHECK(fault_of(danelaw::hook::set_service(nullptr, www)) == Fault::Argument);
    CHECK(fault_of(danelaw::hook::set_plan(ssl.get(), nullptr)) == Fault::Argument);
    CHECK(fault_of(danelaw::hook::set_plan(ssl.get(), plan_for(peers().leaf, {}, service("no name")))) ==
          Fault::Name);
    CHECK(std::string(SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name)) == "www.example");
    CHECK(danelaw::hook::has_service(ssl.get()));
    CHECK(errors().empty());
  }

  TEST_CASE("decision 0012: a service is named before the handshake, on an SSL of an attached SSL_CTX") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    const Ssl unattached = client.ssl();
    CHECK(fault_of(danelaw::hook::set_service(unattached.get(), www)) == Fault::State);
    CHECK(fault_of(danelaw::hook::configure(unattached.get(), {})) == Fault::State);
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    Pair pair(ssl.get(), server.get());
    pair.step_client();
    CHECK(fault_of(danelaw::hook::set_service(ssl.get(), www)) == Fault::State);
    CHECK(fault_of(danelaw::hook::set_plan(ssl.get(), plan_for(peers().leaf))) == Fault::State);
    CHECK(fault_of(danelaw::hook::configure(ssl.get(), {})) == Fault::State);
    REQUIRE(pair.handshake());
    CHECK(fault_of(danelaw::hook::set_service(ssl.get(), www)) == Fault::State);
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE(
      "decision 0012: without a source there are only plans that are handed over, which keep their policy") {
    Client client;
    client.attach(nullptr);
    const Ssl ssl = client.ssl();
    CHECK(fault_of(danelaw::hook::set_service(ssl.get(), www)) == Fault::State);
    CHECK_FALSE(danelaw::hook::has_service(ssl.get()));
    REQUIRE(danelaw::hook::set_plan(ssl.get(), plan_for(peers().leaf)).ok());
    CHECK(danelaw::hook::has_service(ssl.get()));
    CHECK(fault_of(danelaw::hook::configure(ssl.get(), {.policy = {.mode = Mode::Off}})) == Fault::State);
    const Ctx wrong = server_context(peers().renewed);
    CHECK_FALSE(connects(ssl.get(), wrong.get()));  // the plan's own policy decides
    CHECK(in_words(ssl.get()) == "rejected (no-match)");
    errors();
  }

  TEST_CASE("decision 0012: an SSL that is not ours has no verdict, waits for nothing and is ready") {
    const Client client;
    const Ssl ssl = client.ssl();
    CHECK(danelaw::hook::verdict(ssl.get()) == nullptr);
    CHECK(danelaw::hook::descriptor(ssl.get()) == -1);
    CHECK(danelaw::hook::patience(ssl.get()) == std::chrono::milliseconds(0));
    CHECK(danelaw::hook::plan_is_ready(ssl.get()));
    CHECK_FALSE(danelaw::hook::has_service(ssl.get()));
  }
}
