#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::verify::DaneEeNames;
using danelaw::verify::Mode;
using danelaw::verify::Profile;

namespace {

int calls = 0;
int depth_of_last_call = -1;
int count_and_agree(int ok, X509_STORE_CTX* ctx) {
  ++calls;
  depth_of_last_call = X509_STORE_CTX_get_error_depth(ctx);
  return ok;
}
/// A pin that does not fit.
int refuse_leaf(int, X509_STORE_CTX* ctx) {
  if (X509_STORE_CTX_get_error_depth(ctx) > 0) return 1;
  X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_REJECTED);
  return 0;
}
int accept_any(int, X509_STORE_CTX*) { return 1; }

Ssl named_with(const Client& client, SSL_verify_cb callback) {
  Ssl ssl = named(client);
  SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, callback);
  return ssl;
}

}  // namespace

TEST_SUITE("What the application verifies besides") {
  TEST_CASE(
      "its verify callback is called for every certificate of the path, and can refuse whom a record vouches "
      "for") {
    for (const int usage : {1, 2, 3}) {
      INFO("usage " << usage);
      const pki::Identity& named = usage == 2 ? peers().root : peers().leaf;
      const Ctx server = server_context(peers().leaf);
      SSL_CTX_add1_chain_cert(server.get(), peers().root.certificate.get());
      Client client;
      client.attach(at_once(plan_with(records_for(named, usage))));

      const Ssl agreed = named_with(client, count_and_agree);
      calls = 0;
      CHECK(connects(agreed.get(), server.get()));
      CHECK(calls == (usage == 3 ? 1 : 2));
      CHECK(depth_of_last_call == 0);
      CHECK(SSL_get_verify_result(agreed.get()) == X509_V_OK);

      const Ssl refused = named_with(client, refuse_leaf);
      CHECK_FALSE(connects(refused.get(), server.get()));
      CHECK(in_words(refused.get()) == "rejected (application)");
      CHECK(SSL_get_verify_result(refused.get()) == X509_V_ERR_CERT_REJECTED);
    }
  }

  TEST_CASE("R6698-4.1d: a verify callback that accepts anything accepts nobody whom no record vouches for") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().renewed)));
    const Ssl ssl = named_with(client, accept_any);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "rejected (no-match)");
  }

  TEST_CASE("a name that it has OpenSSL verify must be in the certificate, beside the record's match") {
    struct Row {
      const char* what;
      const char* name;
      Policy policy;
      int usage;
      bool accepted;
    };
    const Policy generic;
    const Policy skip{.dane_ee_names = DaneEeNames::Skip};
    const Policy smtp{.profile = Profile::Smtp};
    const Row rows[] = {
        {"the service's", "www.example", generic, 3, true},
        {"another that the certificate has", "alias.example", generic, 3, true},
        {"one that it has not", "other.example", generic, 3, false},
        {"one that it has not, by its issuer", "other.example", generic, 2, false},
        {"one that it has not, names skipped", "other.example", skip, 3, true},
        {"one that it has not, names skipped for DANE-EE only", "other.example", skip, 2, false},
        {"one that it has not, mail", "other.example", smtp, 3, true},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      const pki::Identity& named_by_record = row.usage == 2 ? peers().root : peers().leaf;
      const Ctx server = server_context(peers().leaf);
      SSL_CTX_add1_chain_cert(server.get(), peers().root.certificate.get());
      Client client;
      client.settings.policy = row.policy;
      client.attach(at_once(plan_with(records_for(named_by_record, row.usage), row.policy)));
      const Ssl ssl = client.ssl();
      SSL_set1_host(ssl.get(), row.name);
      REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
      CHECK(connects(ssl.get(), server.get()) == row.accepted);
      CHECK(in_words(ssl.get()) == (row.accepted ? "authenticated (matched)" : "rejected (name-mismatch)"));
      if (!row.accepted) CHECK(SSL_get_verify_result(ssl.get()) == X509_V_ERR_HOSTNAME_MISMATCH);
    }
  }

  TEST_CASE(
      "R7671-7c: the service's own name need not be in it where the base domain that it is an alias of is") {
    const Ctx server = server_context(peers().other_name);
    Client client;
    client.attach(
        at_once(plan_with(records_for(peers().other_name), {}, www, [](danelaw::verify::Plan& plan) {
          plan.base_domain = "other.example";
          plan.reference_identifiers = {"other.example", "www.example"};
        })));
    const Ssl ssl = client.ssl();
    SSL_set1_host(ssl.get(), "WWW.example.");
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("an address that it has OpenSSL verify must be in the certificate as well") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = client.ssl();
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), "192.0.2.1");
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(SSL_get_verify_result(ssl.get()) == X509_V_ERR_IP_ADDRESS_MISMATCH);
  }

  TEST_CASE(
      "where no record decides such an address is verified beside the service's name, whenever it was set") {
    struct Row {
      const char* what;
      pki::Request certificate;
      int verify_result;
    };
    const Row rows[] = {
        {"both", {.dns_names = {"www.example"}, .addresses = {"192.0.2.1"}}, X509_V_OK},
        {"address alone",
         {.dns_names = {"other.example"}, .addresses = {"192.0.2.1"}},
         X509_V_ERR_HOSTNAME_MISMATCH},
        {"name alone", {.dns_names = {"www.example"}}, X509_V_ERR_IP_ADDRESS_MISMATCH},
    };
    for (const Profile profile : {Profile::Generic, Profile::Srv}) {
      const Policy policy{.profile = profile};
      for (const bool before_naming : {true, false}) {
        for (const Row& row : rows) {
          INFO(row.what << ", profile " << static_cast<int>(profile) << ", before naming: " << before_naming);
          const pki::Identity identity = pki::issue(row.certificate, &peers().root);
          const Ctx server = server_context(identity);
          Client client;
          client.settings.policy = policy;
          client.attach(
              at_once(plan_with(danelaw::tlsa::TlsaOutcome(danelaw::tlsa::SecureAbsent{}), policy)));
          const Ssl ssl = client.ssl();
          const auto set_address = [&ssl] {
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), "192.0.2.1");
          };
          if (before_naming) set_address();
          REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
          if (!before_naming) set_address();
          CHECK(connects(ssl.get(), server.get()) == (row.verify_result == X509_V_OK));
          CHECK(SSL_get_verify_result(ssl.get()) == row.verify_result);
          errors();
        }
      }
    }
  }

  TEST_CASE("R7671-7c: a host that it names once the service is named must be in the certificate as well") {
    struct Row {
      const char* host;
      bool added;
      bool accepted;
    };
    const Row rows[] = {{"alias.example", false, true},
                        {"other.example", false, false},
                        {"other.example", true, true}};  // one of its two is enough
    for (const int usage : {0, 2}) {
      for (const Row& row : rows) {
        INFO("usage " << usage << ", " << std::string(row.host) << ", added: " << row.added);
        const Ctx server = server_context(peers().leaf);
        SSL_CTX_add1_chain_cert(server.get(), peers().root.certificate.get());
        Client client;
        client.attach(at_once(plan_with(records_for(peers().root, usage))));
        const Ssl ssl = named(client);
        if (row.added)
          SSL_add1_host(ssl.get(), row.host);
        else
          SSL_set1_host(ssl.get(), row.host);
        CHECK(connects(ssl.get(), server.get()) == row.accepted);
        CHECK(in_words(ssl.get()) == (row.accepted ? "authenticated (matched)" : "rejected (name-mismatch)"));
        errors();
      }
    }
  }

  TEST_CASE("R7671-7c: it cannot add a name that the records do not vouch for") {
    const Ctx server = server_context(peers().other_name);
    SSL_CTX_add1_chain_cert(server.get(), peers().root.certificate.get());
    Client client;
    client.attach(at_once(plan_with(records_for(peers().root, 2))));
    const Ssl ssl = named(client);
    SSL_add1_host(ssl.get(), "other.example");
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "rejected (name-mismatch)");
    errors();
  }
}

TEST_SUITE("An application that does its own DANE") {
  TEST_CASE("it is left alone, and in mandatory mode one of its records must have matched") {
    struct Row {
      const char* what;
      const pki::Identity* named;  // null: a set without a record
      Mode mode;
      bool accepted;
    };
    const Row rows[] = {
        {"right record", &peers().leaf, Mode::Opportunistic, true},
        {"right record, mandatory", &peers().leaf, Mode::Mandatory, true},
        {"wrong record", &peers().renewed, Mode::Opportunistic, false},
        {"wrong record, mandatory", &peers().renewed, Mode::Mandatory, false},
        {"no record: plain PKIX", nullptr, Mode::Opportunistic, true},
        {"no record, mandatory", nullptr, Mode::Mandatory, false},
    };
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        const Ctx server = server_context(peers().leaf, version.number);
        Client client(version.number);
        SSL_CTX_dane_enable(client.ctx());
        client.settings.policy.mode = row.mode;
        client.attach(at_once(plan_for(peers().renewed, {.mode = row.mode})));  // ours would refuse
        const Ssl ssl = named(client);
        REQUIRE(SSL_dane_enable(ssl.get(), "www.example") == 1);
        if (row.named != nullptr) {
          const auto record = pki::record_for(3, 1, 1, row.named->certificate.get());
          const auto data = record.association_data();
          REQUIRE(SSL_dane_tlsa_add(ssl.get(), 3, 1, 1, data.data(), data.size()) == 1);
        }
        CHECK(connects(ssl.get(), server.get()) == row.accepted);
      }
    }
  }
}

TEST_SUITE("Copies of an SSL") {
  TEST_CASE("SSL_dup() of a watched SSL has one state of ours") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    const Ssl copy(SSL_dup(ssl.get()));
    REQUIRE(copy != nullptr);
    CHECK(danelaw::hook::has_service(copy.get()));
    CHECK(connects(copy.get(), server.get()));
    CHECK(in_words(copy.get()) == "authenticated (matched)");
  }
}
