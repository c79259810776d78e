#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "policyd/configuration.hpp"
#include "policyd/failure.hpp"

using namespace danelaw::policyd;

namespace {

Configuration read(const std::string& text) { return configuration_from_text(text, "a.conf"); }

std::string refusal(const std::string& text) {
  try {
    read(text);
    return "";
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::Usage);
    return failure.what();
  }
}

}  // namespace

TEST_SUITE("The configuration file") {
  TEST_CASE("Nothing at all is the defaults") {
    const Configuration made = read("");
    CHECK(made.library.empty());
    CHECK(made.listen == std::vector<Endpoint>{{Configuration::default_socket, "", 0}});
    CHECK(made.sts.enabled);
    CHECK(made.metrics.empty());
    CHECK(made.desk.domains == 50'000);
  }

  TEST_CASE("The main section is danelaw.conf(5)'s, the other one ours") {
    const Configuration made = read(
        "deadline = 3000\nresolvers = 127.0.0.1\n[policyd]\nlisten = unix:/run/a, "
        "inet:[::1]:8461\nsocket_mode = 0600\n"
        "metrics = inet:127.0.0.1:9000\nmta_sts = off\nmta_sts_timeout = 500\nmax_domains = 7\nmax_searches "
        "= 8\n"
        "max_clients = 9\nidle_timeout = 10\nmta_sts_directory = /var/x\nreport_directory = "
        "/var/y\nreport_contact = a@b\n");
    CHECK(made.library ==
          std::vector<std::pair<std::string, std::string>>{{"deadline", "3000"}, {"resolvers", "127.0.0.1"}});
    CHECK(made.listen == std::vector<Endpoint>{{"/run/a", "", 0}, {"", "::1", 8461}});
    CHECK(made.socket_mode == 0600);
    CHECK(made.metrics.size() == 1);
    CHECK_FALSE(made.sts.enabled);
    CHECK(made.sts.https.timeout.count() == 500);
    CHECK(made.sts.directory == "/var/x");
    CHECK(made.desk.domains == 7);
    CHECK(made.desk.searches == 8);
    CHECK(made.clients == 9);
    CHECK(made.idle.count() == 10);
    CHECK(made.report.directory == "/var/y");
    CHECK(made.report.contact == "a@b");
  }

  TEST_CASE("Where the service listens stays on this machine") {
    for (const char* where : {"inet:192.0.2.7:8461", "inet:0.0.0.0:8461", "inet:[::]:8461",
                              "inet:[2001:db8::7]:8461", "inet:[::ffff:127.0.0.1]:8461"}) {
      INFO(where);
      CHECK(refusal(std::string("[policyd]\nlisten = ") + where + "\n").find("listen") != std::string::npos);
    }
  }

  TEST_CASE("A Unix socket whose path is too long is told so, one that just fits is taken") {
    const std::string longest = "unix:/" + std::string(longest_socket_path - 1, 'x');
    for (const char* setting : {"listen", "metrics"}) {
      INFO(setting);
      const std::string line = fmt::format("[policyd]\n{} = unix:/run/a, {}", setting, longest);
      CHECK(refusal(line + "\n").empty());
      CHECK(refusal(line + "x\n") ==
            fmt::format("a.conf: [policyd] {}: \"unix:/run/a, {}x\" is not the address of a "
                        "Unix socket, whose path has 107 octets at most",
                        setting, longest));
    }
  }

  // What a fleet's address may be: test_fleet_address.cpp.
  TEST_CASE("Without fleet nothing of it is needed, and what is set is taken") {
    CHECK_FALSE(read("").fleet.enabled);
    const Configuration without = read(
        "[policyd]\nfleet_key = /nowhere\nfleet_user = u\nfleet_database = 2\nfleet_prefix = "
        "p\nfleet_timeout = 9\n");
    CHECK_FALSE(without.fleet.enabled);
    CHECK(without.fleet.redis.user == "u");
    CHECK(without.fleet.redis.database == 2);
    CHECK(without.fleet.redis.timeout.count() == 9);
    CHECK(without.fleet.prefix == "p");
  }

  TEST_CASE("An unknown name, a bad value, another section: one line that names it") {
    struct Row {
      const char* text;
      const char* word;
    };
    for (const Row& row :
         {Row{"nonsense = 1\n", "nonsense"}, Row{"deadline = soon\n", "deadline"},
          Row{"waiting = retry\n", "waiting"}, Row{"profile = generic\n", "profile"},
          Row{"[policyd]\nnonsense = 1\n", "nonsense"}, Row{"[policyd]\ndeadline = 5\n", "deadline"},
          Row{"[policyd]\nlisten = inet:10.0.0.1:1\n", "10.0.0.1"}, Row{"[policyd]\nlisten =\n", "listen"},
          Row{"[policyd]\nsocket_mode = 999\n", "socket_mode"},
          Row{"[policyd]\nmax_searches = 0\n", "max_searches"},
          Row{"[policyd]\nmax_domains = -1\n", "max_domains"},
          Row{"[policyd]\nmax_domains = 1x\n", "max_domains"}, Row{"[policyd]\nmta_sts = yes\n", "mta_sts"},
          Row{"[policyd]\nmta_sts_directory = x\n", "mta_sts_directory"},
          Row{"[policy]\nx = y\n", "[policy]"}, Row{"no equals\n", "a.conf"}}) {
      INFO(row.text);
      const std::string line = refusal(row.text);
      INFO(line);
      CHECK(line.find(row.word) != std::string::npos);
      CHECK(line.starts_with("a.conf: "));
      CHECK(line.find('\n') == std::string::npos);
    }
  }

  TEST_CASE("What the command line says goes before the file") {
    CHECK(configuration_from_file("", {"deadline=1", "policyd.max_domains=2"}).desk.domains == 2);
    CHECK_THROWS_AS((void)configuration_from_file("", {"deadline"}), Failure);
    CHECK_THROWS_AS((void)configuration_from_file("/nowhere/at/all", {}), Failure);
    CHECK_THROWS_AS((void)configuration_from_file("/dev/null", {}), Failure);
  }
}
