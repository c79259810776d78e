#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "danelaw/danelaw.h"

namespace {

struct Free {
  void operator()(danelaw_settings* settings) const { danelaw_settings_free(settings); }
  void operator()(danelaw_resolver* resolver) const { danelaw_resolver_free(resolver); }
};
using Settings = std::unique_ptr<danelaw_settings, Free>;

std::string engine_after(const std::vector<std::pair<const char*, const char*>>& given) {
  const Settings settings(danelaw_settings_new());
  for (const auto& one : given)
    REQUIRE(danelaw_settings_set(settings.get(), one.first, one.second, nullptr) == DANELAW_OK);
  return danelaw_settings_get(settings.get(), "engine");
}

}  // namespace

TEST_SUITE("Settings: whom DNS is asked") {
  TEST_CASE("The engine is stub, or recursing where root servers are named, unless it is named itself") {
    CHECK(engine_after({}) == "stub");
    CHECK(engine_after({{"resolvers", "192.0.2.1"}}) == "stub");
    CHECK(engine_after({{"root_servers", "192.0.2.1"}}) == "recursing");
    CHECK(engine_after({{"root_servers", "192.0.2.1"}, {"root_servers", ""}}) == "stub");
    CHECK(engine_after({{"engine", "recursing"}}) == "recursing");
    for (const char* named : {"stub", "recursing"}) {
      CHECK(engine_after({{"engine", named}, {"root_servers", "192.0.2.1"}}) == named);
      CHECK(engine_after({{"root_servers", "192.0.2.1"}, {"engine", named}}) == named);
    }
  }

  TEST_CASE("What belongs together and is there together is taken") {
    const std::vector<std::vector<std::pair<const char*, const char*>>> complete{
        {{"resolver_ca_file", "/ca.pem"}, {"resolvers", "192.0.2.1,tls://192.0.2.1/dns.example"}},
        {{"dnssec_chain_pins", "memory"}, {"dnssec_chain", "on"}},
        {{"dnssec_chain_pins", "memory"}, {"dnssec_chain", "on"}, {"engine", "none"}},
        {{"dnssec_chain_pins", "off"}, {"dnssec_chain", "off"}}};
    for (const auto& given : complete) {
      const Settings settings(danelaw_settings_new());
      for (const auto& one : given)
        REQUIRE(danelaw_settings_set(settings.get(), one.first, one.second, nullptr) == DANELAW_OK);
      danelaw_resolver* resolver = nullptr;
      danelaw_problem problem{};
      CHECK(danelaw_resolver_new(settings.get(), &resolver, &problem) == DANELAW_OK);
      danelaw_resolver_free(resolver);
    }
  }

  TEST_CASE(
      "What the engine would ignore is refused: what was to be asked over TLS never goes out in the clear") {
    constexpr auto pinned = "tls://192.0.2.1/pin-sha256=KgBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQIg=";
    const std::vector<std::vector<std::pair<const char*, const char*>>> contradictions{
        {{"resolvers", "tls://192.0.2.1/dns.example"}, {"root_servers", "192.0.2.2"}},
        {{"resolvers", "192.0.2.1"}, {"engine", "recursing"}},
        {{"resolvers", "192.0.2.1"}, {"engine", "none"}},
        {{"root_servers", "192.0.2.2"}, {"engine", "stub"}},
        {{"cache", "/nowhere"}, {"engine", "recursing"}},
        {{"resolver_ca_file", "/ca.pem"}},
        {{"resolver_ca_file", "/ca.pem"}, {"resolvers", "192.0.2.1"}},
        {{"resolver_ca_file", "/ca.pem"}, {"resolvers", pinned}},
        {{"dnssec_chain_pins", "memory"}},
        {{"dnssec_chain_pins", "/pins"}, {"dnssec_chain", "off"}},
        {{"dnssec_chain_pins", "memory"}, {"engine", "none"}}};
    for (const auto& given : contradictions) {
      const Settings settings(danelaw_settings_new());
      for (const auto& one : given)
        REQUIRE(danelaw_settings_set(settings.get(), one.first, one.second, nullptr) == DANELAW_OK);
      danelaw_resolver* resolver = nullptr;
      danelaw_problem problem{};
      CHECK(danelaw_resolver_new(settings.get(), &resolver, &problem) == DANELAW_ERR_UNSUPPORTED);
      CHECK(std::string(problem.text).find(given.front().first) == 0);
      danelaw_resolver_free(resolver);
    }
  }

  TEST_CASE("Resolvers are checked one by one when they are set, and what was set before stays") {
    const Settings settings(danelaw_settings_new());
    const char* const good = "192.0.2.1, tls://192.0.2.1/dns.example,tls://2001:db8::1@8853/dns.example";
    CHECK(danelaw_settings_set(settings.get(), "resolvers", good, nullptr) == DANELAW_OK);
    for (const char* bad :
         {"192.0.2.1, x", "tls://192.0.2.1", "tls://192.0.2.1#dns.example", "tls://x/dns.example"}) {
      INFO(bad);
      danelaw_problem problem{};
      CHECK(danelaw_settings_set(settings.get(), "resolvers", bad, &problem) == DANELAW_ERR_SETTING);
      CHECK(std::string(problem.text).find("tls://IP") != std::string::npos);
    }
    CHECK(danelaw_settings_get(settings.get(), "resolvers") == std::string(good));
  }
}
