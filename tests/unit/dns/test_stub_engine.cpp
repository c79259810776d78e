#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "stub_client.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

/// Longer than it takes to send all questions that go out together, on a machine that is busy.
constexpr std::chrono::milliseconds one_round{60};
constexpr std::uint16_t servfail = 0x8182;
constexpr std::uint16_t notimp = 0x8184;
constexpr std::uint16_t refused = 0x8185;
constexpr std::uint16_t formerr = 0x8181;

using Says = ScriptedServer::Script;

Datagrams silent(const dnssec::Question&, const Buffer&) { return {}; }
Says saying(std::uint16_t flags) {
  return [flags](const dnssec::Question&, const Buffer& query) {
    return Datagrams{reply_to(query, {{}, flags})};
  };
}

/// As a forwarder does that knows no DNSSEC.
Datagrams stripping(const dnssec::Question& asked, const Buffer& query) {
  lab::Records records = full_reply(asked);
  std::erase_if(records, [&](const auto& record) {
    return record.type != asked.type &&
           (record.type == RrType::Rrsig || record.type == RrType::Nsec || record.type == RrType::Nsec3);
  });
  return {reply_to(query, {records})};
}

/// What `wrong` makes of the honest reply, the first `times` times for each question.
Says first_wrong(std::function<Datagrams(Buffer)> wrong, int times = 1) {
  auto seen = std::make_shared<std::map<dnssec::Question, int>>();
  return [wrong = std::move(wrong), times, seen](const dnssec::Question& asked, const Buffer& query) {
    Datagrams right = honest(asked, query);
    return (*seen)[asked]++ < times ? wrong(right.front()) : right;
  };
}

Client keeping_proofs(const ResolverAddress& resolver) {
  StubSettings settings = Client::settings_for({resolver});
  settings.proofs = Proofs::Keep;
  return Client(std::move(settings));
}

SharedProof proof_of(const Answer& answer) {
  if (const auto* secure = std::get_if<SecureRrset>(&answer)) return secure->proof;
  if (const auto* denial = std::get_if<SecureDenial>(&answer)) return denial->proof;
  if (const auto* insecure = std::get_if<InsecureAnswer>(&answer)) return insecure->proof;
  return nullptr;
}

}  // namespace

TEST_SUITE("RFC 4035 section 4.9: the engine that asks resolvers and validates itself") {
  TEST_CASE("R6698-4.1a: every kind of verdict becomes the answer that it is") {
    ScriptedServer server(honest);
    Client client({server.address()});
    struct Row {
      std::string name;
      RrType type;
      std::string want;
    };
    const std::vector<Row> rows{
        {"_443._tcp.www.n1.example", RrType::Tlsa, "secure _443._tcp.www.n1.example"},
        {"_443._tcp.www.n3.example", RrType::Tlsa, "secure _443._tcp.www.n3.example"},
        {"_443._tcp.www.child.oo.example", RrType::Tlsa, "secure _443._tcp.www.child.oo.example"},
        {"any.wild.n3.example", RrType::A, "secure any.wild.n3.example"},
        {"alias.n1.example", RrType::A, "secure www.n1.example"},
        {"there.moved.n1.example", RrType::A, "secure there.wild.n1.example"},
        {"www.n1.example", RrType::Mx, "nodata www.n1.example"},
        {"nobody.n1.example", RrType::A, "nxdomain nobody.n1.example"},
        {"nobody.n3.example", RrType::A, "nxdomain nobody.n3.example"},
        {"away.n1.example", RrType::Mx, "nodata www.n3.example"},
        {"_443._tcp.www.unsigned.example", RrType::Tlsa, "insecure"},
        {"www.insecure.oo.example", RrType::A, "insecure"},
        {"www.strange.n1.example", RrType::A, "insecure"},
        {"out.n3.example", RrType::A, "insecure"},
        {".", RrType::Dnskey, "secure ."},
        {"n3.example", RrType::Ds, "secure n3.example"},
        {"unsigned.example", RrType::Ds, "nodata unsigned.example"},
    };
    for (const auto& row : rows) {
      INFO(row.name);
      const Answer got = client.ask(question(row.name, row.type));
      INFO(reason(got));
      CHECK(word(got) == row.want);
      CHECK(word(Client({server.address()}).ask(question(row.name, row.type))) == row.want);
    }
    CHECK(server.were_well_formed());
    CHECK(client.is_idle());
  }

  TEST_CASE("Only below a signed alias is it the alias's target that is unsigned") {
    ScriptedServer server(honest);
    Client client({server.address()});
    const Answer own = client.ask(question("www.unsigned.example", RrType::A));
    const Answer behind = client.ask(question("out.n3.example", RrType::A));
    REQUIRE(std::holds_alternative<InsecureAnswer>(own));
    REQUIRE(std::holds_alternative<InsecureAnswer>(behind));
    CHECK_FALSE(std::get<InsecureAnswer>(own).may_be_aliased);
    CHECK(std::get<InsecureAnswer>(behind).may_be_aliased);
  }

  TEST_CASE("Answers last no longer than TTLs and signatures, and never longer than our limits") {
    ScriptedServer server(honest);
    Client client({server.address()});
    const Answer secure = client.ask(signed_tlsa);
    REQUIRE(std::holds_alternative<SecureRrset>(secure));
    CHECK(std::get<SecureRrset>(secure).ttl == lab::default_ttl);
    CHECK(expiry_of(secure) == lab::now + lab::default_ttl);
    const Answer denial = client.ask(question("nobody.n1.example", RrType::A));
    CHECK(expiry_of(denial) > lab::now);
    CHECK(expiry_of(denial) <= lab::now + 3600);
    const Answer insecure = client.ask(question("www.unsigned.example", RrType::A));
    CHECK(expiry_of(insecure) > lab::now);
    CHECK(expiry_of(insecure) <= lab::now + 900);
  }

  TEST_CASE("A cold lookup takes one round trip, or two; in a known zone it takes one question") {
    struct Row {
      std::string what;
      std::vector<Question> questions;
      int asked;
      int round_trips;
      int again;  // questions, when asked once more
    };
    const std::vector<Row> rows{
        {"TLSA of a host", {signed_tlsa}, 6, 1, 1},
        {"a host's three questions together",
         {signed_tlsa, question("www.n1.example", RrType::A), question("www.n1.example", RrType::Aaaa)},
         8,
         1,
         3},
        {"one cut deeper", {question("_443._tcp.www.child.n1.example", RrType::Tlsa)}, 8, 1, 1},
        {"a domain by itself", {question("_443._tcp.n1.example", RrType::Tlsa)}, 6, 1, 1},
        {"a host that is a zone", {question("www.child.n1.example", RrType::Mx)}, 8, 1, 1},
        {"an apex that looks like a host", {question("child.n1.example", RrType::A)}, 8, 2, 1},
        {"an alias into another zone", {question("away.n1.example", RrType::A)}, 8, 2, 1},
        {"unsigned", {question("www.unsigned.example", RrType::A)}, 6, 1, 1},
    };
    for (const auto& row : rows) {
      INFO(row.what);
      ScriptedServer server(honest, one_round);
      Client client({server.address()});
      for (const Answer& answer : client.ask_all(row.questions)) {
        INFO(word(answer) << " " << reason(answer));
        CHECK_FALSE(std::holds_alternative<FailedAnswer>(answer));
      }
      CHECK(server.questions() == row.asked);
      CHECK(server.round_trips() == row.round_trips);
      client.ask_all(row.questions);
      CHECK(server.questions() == row.asked + row.again);
      CHECK(server.round_trips() == row.round_trips + 1);
    }
  }

  TEST_CASE(
      "A question that several lookups wait for is asked once, and goes on when one of them is cancelled") {
    ScriptedServer server(honest, one_round);
    Client client({server.address()});
    for (const Answer& answer : client.ask_all(std::vector<Question>(5, signed_tlsa)))
      CHECK(word(answer) == "secure _443._tcp.www.n1.example");
    CHECK(server.questions() == 6);
  }

  TEST_CASE("A thousand lookups at once are answered, with few questions on the wire at a time") {
    ScriptedServer server(honest);
    Client client({server.address()});
    std::vector<Question> questions;
    for (int i = 0; i < 1000; ++i)
      questions.push_back(question("h" + std::to_string(i) + ".wild.n1.example", RrType::A));
    int right = 0;
    for (const Answer& answer : client.ask_all(questions, 60s))
      right += std::holds_alternative<SecureRrset>(answer);
    CHECK(right == 1000);
  }

  TEST_CASE("R-rcode: a resolver that refuses is left for the next; where all refuse, they are named") {
    for (const std::uint16_t flags : {servfail, refused, notimp, formerr}) {
      INFO(flags);
      ScriptedServer bad(saying(flags));
      ScriptedServer good(honest);
      CHECK(word(Client({bad.address(), good.address()}).ask(signed_tlsa)) ==
            "secure _443._tcp.www.n1.example");
      ScriptedServer worse(saying(refused));
      const Answer failed = Client({bad.address(), worse.address()}).ask(signed_tlsa);
      CHECK(word(failed) == (flags == servfail ? "server-failure" : "other-rcode"));
      CHECK(mentions(reason(failed), bad.address()));
      CHECK(mentions(reason(failed), worse.address()));
    }
  }

  TEST_CASE("R-rcode: each resolver of a long list is asked at least once") {
    std::list<ScriptedServer> servers;
    std::vector<ResolverAddress> addresses;
    for (std::size_t i = 0; i < max_resolvers; ++i) {
      servers.emplace_back(i + 1 < max_resolvers ? saying(refused) : Says(honest));
      addresses.push_back(servers.back().address());
    }
    CHECK(word(Client(addresses).ask(signed_tlsa)) == "secure _443._tcp.www.n1.example");
  }

  TEST_CASE(
      "R-rcode: where some refuse and the others are silent, the refusal that was heard is the failure") {
    ScriptedServer bad(saying(servfail));
    ScriptedServer dead(silent);
    const Answer failed = Client({bad.address(), dead.address()}, 1ms).ask(signed_tlsa);
    CHECK(word(failed) == "server-failure");
    CHECK(reason(failed).find("SERVFAIL from the resolver " + bad.address().to_text()) != std::string::npos);
    CHECK(mentions(reason(failed), dead.address()));
  }

  TEST_CASE("A lost question, or a lost reply, is asked again") {
    ScriptedServer server(first_wrong([](const Buffer&) { return Datagrams{}; }, 2));
    Client client({server.address()}, 50ms);
    CHECK(word(client.ask(signed_tlsa)) == "secure _443._tcp.www.n1.example");
  }

  TEST_CASE("A silent resolver costs its patience once, and is then the last to be asked") {
    ScriptedServer dead(silent);
    ScriptedServer good(honest);
    Client client({dead.address(), good.address()}, 100ms);
    CHECK(word(client.ask(signed_tlsa)) == "secure _443._tcp.www.n1.example");
    const int wasted = dead.questions();
    CHECK(wasted > 0);
    CHECK(word(client.ask(question("www.n3.example", RrType::A))) == "secure www.n3.example");
    CHECK(dead.questions() == wasted);
  }

  TEST_CASE("R6698-4.1f: silence lasts until the deadline, is never absence, and leaves nothing behind") {
    ScriptedServer dead(silent);
    Client client({dead.address()}, 20ms);
    const Answer got = client.ask(signed_tlsa, 300ms);
    CHECK(word(got) == "cancelled");  // by this test; the resolver in front has the deadline
    CHECK(client.is_idle());
    const Answer at_last = Client({dead.address()}, 1ms).ask(signed_tlsa);
    CHECK(word(at_last) == "timeout");
    CHECK(mentions(reason(at_last), dead.address()));
  }

  TEST_CASE("What does not belong to the question is no answer, and the question is asked again") {
    struct Row {
      std::string what;
      std::function<Datagrams(Buffer)> wrong;
    };
    const auto changed = [](std::size_t at, std::uint8_t by) {
      return [at, by](Buffer reply) {
        reply[at] ^= by;
        return Datagrams{reply};
      };
    };
    const std::vector<Row> rows{
        {"another id", changed(0, 1)},
        {"another id, then the right one",
         [](Buffer reply) {
           Buffer other = reply;
           other[1] ^= 1;
           return Datagrams{other, reply};
         }},
        {"no response", changed(2, 0x80)},
        {"another opcode", changed(2, 0x20)},
        {"another name", changed(13, 1)},
        {"cut, and no TCP", changed(2, 0x02)},
        {"an RDATA that is longer than the message",
         [](Buffer reply) {
           reply.resize(reply.size() - 3);
           return Datagrams{reply};
         }},
        {"octets after the end",
         [](Buffer reply) {
           reply.push_back(0);
           return Datagrams{reply};
         }},
        {"a header only",
         [](Buffer reply) {
           reply.resize(12);
           return Datagrams{reply};
         }},
        {"one octet", [](const Buffer&) { return Datagrams{Buffer{0}}; }},
    };
    for (const auto& row : rows) {
      INFO(row.what);
      ScriptedServer server(first_wrong(row.wrong));
      const Answer got = Client({server.address()}, 100ms).ask(signed_tlsa);
      INFO(reason(got));
      CHECK(word(got) == "secure _443._tcp.www.n1.example");
      ScriptedServer liar(first_wrong(row.wrong, 1000));
      const Answer never = Client({liar.address()}, 2ms).ask(signed_tlsa);
      const bool first_id_counts = row.what == "another id, then the right one";
      CHECK(std::holds_alternative<FailedAnswer>(never) == !first_id_counts);
    }
  }

  TEST_CASE("A resolver that does not pass DNSSEC records is named, and never taken for an unsigned zone") {
    ScriptedServer strips(stripping);
    for (const char* host : {"_443._tcp.www.n1.example", "nobody.n3.example", "www.unsigned.example"}) {
      INFO(host);
      const Answer got = Client({strips.address()}).ask(question(host, RrType::Tlsa));
      CHECK(word(got) == "indeterminate");
      CHECK(reason(got).find("does not pass DNSSEC records") != std::string::npos);
      CHECK(mentions(reason(got), strips.address()));
    }
    SUBCASE("Another resolver is tried instead, at once the next time") {
      ScriptedServer good(honest);
      Client client({strips.address(), good.address()});
      CHECK(word(client.ask(signed_tlsa)) == "secure _443._tcp.www.n1.example");
      const int before = strips.questions();
      CHECK(word(client.ask(question("www.n3.example", RrType::A))) == "secure www.n3.example");
      CHECK(strips.questions() == before);
    }
    SUBCASE("Where all do it, or the others refuse, it comes to an end") {
      ScriptedServer too(stripping);
      CHECK(word(Client({strips.address(), too.address()}).ask(signed_tlsa)) == "indeterminate");
      ScriptedServer refuses(saying(refused));
      CHECK(word(Client({strips.address(), refuses.address()}).ask(signed_tlsa)) == "indeterminate");
    }
  }

  TEST_CASE("R4035-5.3a: what was changed on the way is bogus, in the answer and in the chain") {
    for (const Question& altered :
         {signed_tlsa, question("n1.example", RrType::Dnskey), question("n1.example", RrType::Ds)}) {
      INFO(altered.name.to_text());
      ScriptedServer server([altered](const dnssec::Question& asked, const Buffer& query) {
        lab::Records records = lab::common_world().reply(asked);
        if (asked == altered)
          for (auto& record : records)
            if (record.type == altered.type) record.rdata.back() ^= 1;
        return Datagrams{reply_to(query, {records})};
      });
      CHECK(word(Client({server.address()}).ask(signed_tlsa)) == "bogus");
    }
  }

  TEST_CASE("R-rcode, R4035-5.3a: one poisoned resolver denies nothing that another can prove") {
    const auto poisoned = [](const Question& which) {
      return [which](const dnssec::Question& asked, const Buffer& query) {
        lab::Records records = full_reply(asked);
        if (asked == which)
          for (auto& record : records)
            if (record.type == which.type) record.rdata.back() ^= 1;
        return Datagrams{reply_to(query, {records})};
      };
    };
    // Signatures are there, and the proof is not: the denial is gone, or the DS.
    const Says incomplete = [](const dnssec::Question& asked, const Buffer& query) {
      lab::Records records = full_reply(asked);
      std::erase_if(records, [](const auto& record) {
        return record.type == RrType::Nsec || record.type == RrType::Nsec3 || record.type == RrType::Ds;
      });
      return Datagrams{reply_to(query, {records})};
    };
    struct Row {
      std::string what;
      Says bad;
      bool is_bogus;
    };
    const std::vector<Row> rows{
        {"the answer", poisoned(signed_tlsa), true},
        {"its zone's keys", poisoned(question("n1.example", RrType::Dnskey)), true},
        {"the chain above", poisoned(question("example", RrType::Dnskey)), true},
        {"no proof", incomplete, false},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      ScriptedServer bad(row.bad);
      ScriptedServer too(row.bad);
      ScriptedServer good(honest);
      ScriptedServer dead(silent);
      const auto asked = [](std::vector<ResolverAddress> resolvers) {
        return Client(std::move(resolvers)).ask(signed_tlsa);
      };
      CHECK(word(asked({bad.address(), good.address()})) == "secure _443._tcp.www.n1.example");
      CHECK(word(asked({bad.address(), too.address(), good.address()})) == "secure _443._tcp.www.n1.example");
      CHECK(word(asked({bad.address(), dead.address(), good.address()})) ==
            "secure _443._tcp.www.n1.example");
      // All have been tried, or the time is out: what was found out first stands.
      const Answer all_bad = asked({bad.address(), too.address()});
      INFO(reason(all_bad));
      CHECK(std::holds_alternative<FailedAnswer>(all_bad));
      CHECK((word(all_bad) == "bogus") == row.is_bogus);
      CHECK(word(asked({bad.address(), dead.address()})) == word(all_bad));
      CHECK(word(asked({bad.address()})) == word(all_bad));
    }
  }

  TEST_CASE("What is bogus with everybody is asked once of each, and they stay in use") {
    const Question altered = signed_tlsa;
    const Says lies = [altered](const dnssec::Question& asked, const Buffer& query) {
      lab::Records records = full_reply(asked);
      if (asked == altered) records.front().rdata.back() ^= 1;
      return Datagrams{reply_to(query, {records})};
    };
    ScriptedServer one(lies);
    ScriptedServer two(lies);
    Client client({one.address(), two.address()});
    CHECK(word(client.ask(signed_tlsa)) == "bogus");
    CHECK(one.questions() == 6);
    CHECK(two.questions() <= 6);
    CHECK(word(client.ask(question("www.n1.example", RrType::A))) == "secure www.n1.example");
    CHECK(client.is_idle());
  }

  TEST_CASE("A lookup that is cancelled while others are tried leaves nothing behind") {
    ScriptedServer bad(stripping);
    ScriptedServer dead(silent);
    Client client({bad.address(), dead.address()});
    CHECK(word(client.ask(signed_tlsa, 100ms)) == "cancelled");
    CHECK(client.is_idle());
  }

  TEST_CASE(
      "R-rcode: records that are proven beside NXDOMAIN contradict it; a denial is what its proof says") {
    constexpr std::uint16_t nxdomain = 0x8183;
    ScriptedServer denies([](const dnssec::Question& asked, const Buffer& query) {
      return Datagrams{reply_to(query, {full_reply(asked), nxdomain})};
    });
    Client client({denies.address()});
    CHECK(word(client.ask(signed_tlsa)) == "contradiction");
    CHECK(word(client.ask(question("alias.n1.example", RrType::A))) == "contradiction");
    // RFC 6604 section 3: it may be the alias's target that does not exist.
    CHECK(word(client.ask(question("alias.n1.example", RrType::Cname))) == "secure alias.n1.example");
    CHECK(word(client.ask(question("www.n1.example", RrType::Mx))) == "nodata www.n1.example");
    CHECK(word(client.ask(question("www.unsigned.example", RrType::A))) == "insecure");
    // Another resolver may say what is true.
    ScriptedServer good(honest);
    CHECK(word(Client({denies.address(), good.address()}).ask(signed_tlsa)) ==
          "secure _443._tcp.www.n1.example");
  }

  TEST_CASE(
      "R4035-5.3b: what a liar said is forgotten with it: later lookups of the same process are judged "
      "anew") {
    using Lie = std::function<void(lab::Records&)>;
    const auto each = [](RrType type, const std::function<void(dnssec::ResourceRecord&)>& change) {
      return [type, change](lab::Records& records) {
        for (auto& record : records)
          if (record.type == type) change(record);
      };
    };
    const std::vector<std::pair<std::string, Lie>> lies{
        {"no signatures",
         [](lab::Records& records) {
           std::erase_if(records, [](const auto& record) { return record.type == RrType::Rrsig; });
         }},
        {"nothing", [](lab::Records& records) { records.clear(); }},
        {"no DS",
         [](lab::Records& records) {
           std::erase_if(records, [](const auto& record) { return record.type == RrType::Ds; });
         }},
        {"DS of an unknown algorithm", each(RrType::Ds, [](auto& record) { record.rdata[2] = 200; })},
        {"keys of an unknown algorithm", each(RrType::Dnskey, [](auto& record) { record.rdata[3] = 200; })},
        {"keys that are others", each(RrType::Dnskey, [](auto& record) { record.rdata.back() ^= 1; })},
        {"denials of other names",
         each(RrType::Nsec, [](auto& record) { record.owner = name("www.n1.example"); })},
        {"signatures that end later", each(RrType::Rrsig, [](auto& record) { record.rdata[8] ^= 0x40; })},
        {"records that last for ever",
         [](lab::Records& records) {
           for (auto& record : records) record.ttl = 0x7FFFFFFF;
         }},
    };
    for (const auto& lie : lies) {
      INFO(lie.first);
      std::atomic<bool> honestly{false};
      ScriptedServer server([&](const dnssec::Question& asked, const Buffer& query) {
        lab::Records records = full_reply(asked);
        if (!honestly) lie.second(records);
        return Datagrams{reply_to(query, {records})};
      });
      Client client({server.address()}, 1s);
      const std::vector<std::pair<Question, std::string>> rows{
          {signed_tlsa, "secure _443._tcp.www.n1.example"},
          {question("nobody.n1.example", RrType::A), "nxdomain nobody.n1.example"},
          {question("www.unsigned.example", RrType::A), "insecure"}};
      for (const auto& row : rows) {
        const Answer lied = client.ask(row.first);
        CHECK((std::holds_alternative<FailedAnswer>(lied) || word(lied) == row.second));
        CHECK(expiry_of(lied) <= lab::now + lab::default_ttl);
      }
      honestly = true;
      for (const auto& row : rows) CHECK(word(client.ask(row.first)) == row.second);
    }
  }

  TEST_CASE("R4035-5.3b: what was proven ends with the TTL that was signed, whatever TTL a reply has") {
    std::atomic<EpochSeconds> now{lab::now};
    ScriptedServer server([&](const dnssec::Question& asked, const Buffer& query) {
      lab::Records records = full_reply(asked);
      for (auto& record : records) record.ttl = 0x7FFFFFFF;
      return Datagrams{reply_to(query, {records})};
    });
    StubSettings settings = Client::settings_for({server.address()}, 1s);
    settings.clock = [&] { return now.load(); };
    Client client(std::move(settings));
    for (const auto& [asked, want] : {std::pair{signed_tlsa, "secure _443._tcp.www.n1.example"},
                                      std::pair{question("www.unsigned.example", RrType::A), "insecure"}}) {
      const int before = server.questions();
      CHECK(word(client.ask(asked)) == want);
      const int cold = server.questions() - before;
      now += lab::default_ttl - 1;
      CHECK(word(client.ask(asked)) == want);
      CHECK(server.questions() == before + cold + 1);
      now += 1;
      CHECK(word(client.ask(asked)) == want);
      CHECK(server.questions() == before + 2 * cold + 1);
      now += lab::default_ttl;
    }
  }

  TEST_CASE("A failure of what only was guessed changes nothing; of what is needed it is the answer") {
    const auto failing = [](const Question& which, bool silently) {
      return [which, silently](const dnssec::Question& asked, const Buffer& query) {
        if (asked != which) return honest(asked, query);
        return silently ? Datagrams{} : Datagrams{reply_to(query, {{}, servfail})};
      };
    };
    const Question keys_of_no_zone = question("unsigned.example", RrType::Dnskey);
    const Question host = question("www.unsigned.example", RrType::A);
    ScriptedServer refuses(failing(keys_of_no_zone, false));
    CHECK(word(Client({refuses.address()}).ask(host)) == "insecure");
    ScriptedServer hangs(failing(keys_of_no_zone, true));
    CHECK(word(Client({hangs.address()}).ask(host, 5s)) == "insecure");
    ScriptedServer needed(failing(question("n1.example", RrType::Dnskey), false));
    const Answer failed = Client({needed.address()}).ask(signed_tlsa);
    CHECK(word(failed) == "server-failure");
    CHECK(reason(failed).find("n1.example DNSKEY") != std::string::npos);
  }

  TEST_CASE(
      "R6698-4.1a: without a trust anchor there is no engine; under none that covers the name it is "
      "insecure") {
    std::string problem;
    const auto loop = EventLoop::create(problem);
    FailedAnswer failure;
    CHECK_FALSE(stub_engine({})(*loop, failure));
    CHECK(failure.fault == LookupFault::NoTrustAnchor);
    ScriptedServer server(honest);
    const TrustAnchors elsewhere{
        {name("elsewhere"), RrType::Ds, lab::common_world().anchors().front().rdata}};
    CHECK(word(Client({server.address()}, 5s, elsewhere).ask(signed_tlsa)) == "insecure");
    CHECK(server.questions() == 1);
    const TrustAnchors wrong{{name("."), RrType::Ds, Buffer{0, 1, 99, 2, 1, 2, 3, 4}}};
    CHECK(word(Client({server.address()}, 5s, wrong).ask(signed_tlsa)) == "no-trust-anchor");
  }

  TEST_CASE("Records that nobody asked for do no harm, whatever their RDATA claims") {
    struct Odd {
      int type;
      Buffer rdata;
    };
    const std::vector<Odd> all{
        {42, {0, 1, 32, 0xFF}},  // APL: more address octets than there are
        {42, {0, 1, 32, 0x7F, 1}},
        {45, {10, 3, 2}},  // IPSECKEY with a gateway that is no name
        {45, {10, 1, 2, 192}},
        {55, {255, 2, 255, 255, 1}},  // HIP: longer than it is
        {260, {10, 3, 63}},           // AMTRELAY
        {257, {0, 255, 1}},           // CAA
        {16, {255, 1}},               // TXT
        {52, {}},
        {65280, {1, 2, 3}},
    };
    for (const Odd& odd : all) {
      INFO(odd.type);
      ScriptedServer server([odd](const dnssec::Question& asked, const Buffer& query) {
        lab::Records records = full_reply(asked);
        records.push_back(lab::record(name("odd.example"), static_cast<RrType>(odd.type), odd.rdata));
        records.push_back(lab::record(asked.name, static_cast<RrType>(odd.type), odd.rdata));
        return Datagrams{reply_to(query, {records})};
      });
      // With malformed records of the very type in its answer a question may fail; that about addresses must not.
      CHECK(word(Client({server.address()}, 50ms).ask(question("www.n1.example", RrType::A))) ==
            "secure www.n1.example");
    }
  }

  TEST_CASE("Types that cannot be asked for are refused, and no resolver hears of them") {
    ScriptedServer server(honest);
    Client client({server.address()});
    for (const int type : {0, 41, 42, 250, 251, 252, 255})
      CHECK(word(client.ask(question("n1.example", static_cast<RrType>(type)))) == "internal");
    CHECK(server.questions() == 0);
  }
}

TEST_SUITE("resolv.conf(5): whom to ask") {
  TEST_CASE("Only nameserver lines count, at most three, and what is no address does not") {
    const auto texts = [](std::string_view file) {
      std::string all;
      for (const ResolverAddress& one : resolvers_in(file)) all += one.to_text() + " ";
      return all;
    };
    CHECK(texts("nameserver 192.0.2.1\n") == "192.0.2.1 ");
    CHECK(
        texts(
            "# nameserver 192.0.2.9\n;nameserver 192.0.2.9\nsearch example\n\tnameserver\t2001:db8::1  # x\n"
            "options timeout:1 attempts:9\nnameserver fe80::1%eth0\r\nnameserver 192.0.2.3") ==
        "2001:db8::1 fe80::1%eth0 192.0.2.3 ");
    CHECK(texts("nameserver 1.1.1.1\nnameserver 2.2.2.2\nnameserver 3.3.3.3\nnameserver 4.4.4.4\n") ==
          "1.1.1.1 2.2.2.2 3.3.3.3 ");
    CHECK(texts("nameserver\nnameserver ns.example\nnameserver 1.2.3\nnameservers 1.2.3.4\nnameserver "
                "1.2.3.4@53\nnameserver tls://1.2.3.4/dns.example\n")
              .empty());
  }

  TEST_CASE("A file without a resolver means the one on this machine; without a file none is known") {
    const auto resolvers = resolvers_of_system("/dev/null");
    REQUIRE(resolvers.ok());
    REQUIRE(resolvers->size() == 1);
    CHECK(resolvers->front().to_text() == "127.0.0.1");
    for (const char* path : {"/nonexistent/resolv.conf", "/"}) {
      INFO(path);
      const auto none = resolvers_of_system(path);
      REQUIRE_FALSE(none.ok());
      CHECK(none.problem().text.find(path) != std::string::npos);
    }
  }

  TEST_CASE("The system's resolvers are those of now: a program may outlive a network") {
    std::array<char, 40> path{"/tmp/danelaw-test-resolv-XXXXXX"};
    close(mkstemp(path.data()));
    const auto name = [&path](const std::string& text) { std::ofstream(path.data()) << text; };
    SystemResolvers system(path.data());
    name("nameserver 192.0.2.1\n");
    CHECK(system.look());
    CHECK(system.resolvers()->front().to_text() == "192.0.2.1");
    name("nameserver 192.0.2.22\n");
    CHECK_FALSE(system.look());  // not so soon again
    const auto changes_within = [&system](std::chrono::milliseconds limit) {
      const auto end = std::chrono::steady_clock::now() + limit;
      while (std::chrono::steady_clock::now() < end)
        if (system.look()) return true;
      return false;
    };
    CHECK(changes_within(10s));
    CHECK(system.resolvers()->front().to_text() == "192.0.2.22");
    name("nameserver 192.0.2.22\n# nothing new\n");
    CHECK_FALSE(changes_within(1500ms));
    std::remove(path.data());
    CHECK(changes_within(10s));
    CHECK_FALSE(system.resolvers().ok());
  }

  TEST_CASE("R6698-4.1f: where no resolver is known, that is the failure, until there is one") {
    StubSettings settings = Client::settings_for({});
    settings.resolv_conf = "/nonexistent/resolv.conf";
    Client client(std::move(settings));
    const Answer got = client.ask(signed_tlsa);
    CHECK(word(got) == "unreachable");
    CHECK(reason(got).find("/nonexistent/resolv.conf") != std::string::npos);
    CHECK(client.is_idle());
  }

  TEST_CASE("A resolver's address is IP[%ZONE][@PORT] and nothing else") {
    for (const char* text : {"192.0.2.1", "192.0.2.1@5353", "2001:db8::1", "::1@1", "fe80::1%eth0@65535"}) {
      INFO(text);
      const auto address = ResolverAddress::from_text(text);
      REQUIRE(address.ok());
      CHECK(address->to_text() == text);
    }
    for (const char* text :
         {"", "@53", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536", "192.0.2.1@5x", "192.0.2.1:53", "[::1]",
          "::1%", "192.0.2.1%eth0", "ns.example", " 192.0.2.1", "192.0.2.1@53@53"}) {
      INFO(text);
      CHECK_FALSE(ResolverAddress::from_text(text).ok());
    }
  }
}

TEST_SUITE("RFC 9102 section 3: answers with what proves them") {
  TEST_CASE("each answer carries its whole chain, whatever was asked before") {
    ScriptedServer server(honest);
    Client client = keeping_proofs(server.address());
    for (const char* owner : {"_443._tcp.www.n1.example", "_443._tcp.www.n1.example", "x.wild.n3.example",
                              "x.moved.n1.example", "no.n3.example", "www.insecure.oo.example"}) {
      INFO(owner);
      const Question asked = question(owner, RrType::Tlsa);
      const Answer answer = client.ask(asked);
      const auto proof = proof_of(answer);
      REQUIRE(proof);
      const auto judged = lab::common_world().judge(asked, *proof).verdict;
      CHECK(lab::summary(judged) == lab::summary(lab::common_world().verdict(asked)));
    }
  }

  TEST_CASE("a failure has none, and neither has any answer where none is wanted") {
    ScriptedServer broken(saying(servfail));
    Client asking = keeping_proofs(broken.address());
    CHECK_FALSE(proof_of(asking.ask(signed_tlsa)));
    ScriptedServer server(honest);
    Client client({server.address()});
    const Answer answer = client.ask(signed_tlsa);
    CHECK(std::holds_alternative<SecureRrset>(answer));
    CHECK_FALSE(proof_of(answer));
  }
}
