#include <doctest/doctest.h>

#include "cli/exit.hpp"
#include "cli/signature_end.hpp"
#include "cli/watch_list.hpp"

using namespace danelaw::cli;

namespace {

std::string complaint(const std::string& text) {
  try {
    static_cast<void>(parse_watch_list(text, "list"));
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::Usage);
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_SUITE("watch: the list") {
  TEST_CASE("hosts, STARTTLS and mail domains, with their ports") {
    const auto list = parse_watch_list(
        "# remark\n\nWWW.Example.org.   # another\nwww.example.org:8443\n[2001:db8::1]:25 starttls=smtp\r\n"
        "imap.example.org\tstarttls=imap\nexample.org mail\n[mx.example.org]:587 mail",
        "list");
    std::vector<std::string> names;
    for (const WatchedService& service : list) names.push_back(service.name);
    CHECK(names == std::vector<std::string>{"www.example.org:443", "www.example.org:8443",
                                            "[2001:db8::1]:25 starttls=smtp",
                                            "imap.example.org:143 starttls=imap", "example.org mail",
                                            "[mx.example.org]:587 mail"});
    CHECK(list[3].target.port == 143);
    CHECK(list[4].is_mail());
    CHECK_FALSE(list[0].is_mail());
  }

  TEST_CASE("a bad line is named with its number and what is wrong") {
    CHECK(complaint("a.example\nhttps://b.example/\n")
              .starts_with("list: line 2: https://b.example/: a host name, not a URL"));
    CHECK(complaint("a.example:0").starts_with("list: line 1: \"0\" is not a port"));
    CHECK(complaint("\n\na.example starttls=gopher")
              .starts_with("list: line 3: starttls: \"gopher\" is not one of smtp"));
    CHECK(complaint("a.example smtp") == "list: line 1: \"smtp\" is neither mail nor starttls=PROTOCOL");
    CHECK(complaint("a.example mail b") == "list: line 1: \"b\" is one word too many");
    CHECK(complaint("a..example").starts_with("list: line 1: "));
    CHECK(complaint("a..example mail").starts_with("list: line 1: "));
    CHECK(complaint("a.example\n#\nA.example.:443") == "list: line 3: a.example:443 is in line 1 already");
    CHECK(complaint(std::string(2000, 'a')) == "list: line 1: longer than 1000 octets");
    CHECK(complaint("# nothing\n") == "list: no service in it; a line is HOST[:PORT]");
  }
}

TEST_SUITE("watch: when signatures end") {
  TEST_CASE("the delegation above the zone is signed by others, and does not count (RFC 4035 section 2.4)") {
    const std::vector<ProofLine> proof = {{". DNSKEY", 10},           {"org DS", 20},
                                          {"org DNSKEY", 30},         {"example.org DS", 40},
                                          {"example.org DNSKEY", 60}, {"_443._tcp.www.example.org TLSA", 50}};
    const SignatureEnd end = end_in_zone(proof, "_443._tcp.www.example.org");
    CHECK(end.until == 50);
    CHECK(end.rrset == "_443._tcp.www.example.org TLSA");
  }

  TEST_CASE("the zone's keys count, those of a zone with a similar name do not") {
    const std::vector<ProofLine> proof = {
        {"ample.org DNSKEY", 5}, {"example.org DNSKEY", 60}, {"a.example.org TLSA", 70}};
    CHECK(end_in_zone(proof, "a.example.org").until == 60);
    CHECK(end_in_zone({}, "a.example.org").until == 0);
  }
}
