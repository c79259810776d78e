#include <doctest/doctest.h>

#include <algorithm>

#include "dnssec/trace.hpp"
#include "world.hpp"

using namespace danelaw;
using dnssec::StepKind;
using dnssec::StepState;
using dnssec::Trace;
using dnssec::TraceStep;
using lab::Question;
using lab::Records;

namespace {

struct Row {
  const char* name;
  RrType type = RrType::Tlsa;
};
constexpr Row rows[] = {{"_443._tcp.www"},
                        {"", RrType::A},
                        {"www.child"},
                        {"_443._tcp.www.child"},
                        {"x.wild"},
                        {"a.b.wild"},
                        {"x.wild", RrType::Mx},
                        {"there.wild"},
                        {"alias", RrType::A},
                        {"x.walias", RrType::A},
                        {"x.moved"},
                        {"moved", RrType::Dname},
                        {"out", RrType::A},
                        {"away", RrType::A},
                        {"empty", RrType::A},
                        {"deep.empty"},
                        {"nothing"},
                        {"a.b.nothing"},
                        {"www.insecure"},
                        {"www.strange"},
                        {"www.odd"},
                        {"insecure", RrType::Ds},
                        {"child", RrType::Ds},
                        {"child", RrType::Dnskey},
                        {"", RrType::Dnskey}};

Question question_at(const Row& row, const std::string& zone) {
  const std::string name(row.name);
  return lab::question(name.empty() ? zone : name + "." + zone, row.type);
}

Trace traced(const Question& question, const Records& records) {
  return dnssec::trace(question, records, lab::common_world().anchors(), lab::now);
}
Trace traced(const Question& question) { return traced(question, lab::common_world().collect(question)); }

std::vector<TraceStep> steps_of(const Trace& trace, StepKind kind) {
  std::vector<TraceStep> found;
  std::ranges::copy_if(trace.steps, std::back_inserter(found),
                       [&](const TraceStep& step) { return step.kind == kind; });
  return found;
}

const TraceStep* find(const Trace& trace, StepKind kind, std::string_view owner, RrType type) {
  const auto found = std::ranges::find_if(trace.steps, [&](const TraceStep& step) {
    return step.kind == kind && step.owner == lab::name(owner) && step.type == type;
  });
  return found == trace.steps.end() ? nullptr : &*found;
}

StepState state_of(const dnssec::Verdict& verdict) {
  if (std::holds_alternative<dnssec::Bogus>(verdict)) return StepState::Bogus;
  if (std::holds_alternative<dnssec::Missing>(verdict)) return StepState::Missing;
  return std::holds_alternative<dnssec::Insecure>(verdict) ? StepState::Insecure : StepState::Secure;
}

/// What must be true of every trace.
void check_sound(const Trace& trace, const dnssec::Verdict& judged) {
  REQUIRE_FALSE(trace.steps.empty());
  CHECK(lab::summary(trace.verdict) == lab::summary(judged));
  const TraceStep& end = trace.steps.back();
  CHECK(end.kind == StepKind::End);
  CHECK(end.state == state_of(judged));
  CHECK(steps_of(trace, StepKind::End).size() == 1);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    INFO("step ", i, " ", std::string(to_string(step.kind)), " ", step.owner.to_text());
    for (const std::size_t basis : step.basis) CHECK(basis < i);
    if (step.rrset) {
      REQUIRE(*step.rrset < i);
      CHECK(trace.steps[*step.rrset].kind == StepKind::Rrset);
    }
    const bool made_by_key = step.kind == StepKind::Signature && step.state == StepState::Secure;
    if (made_by_key) {
      REQUIRE(step.basis.size() == 1);
      const TraceStep& key = trace.steps[step.basis.front()];
      CHECK(key.kind == StepKind::Dnskey);
      CHECK(key.owner == step.zone);
      CHECK(key.key_tag == step.key_tag);
      CHECK(key.state == StepState::Secure);
    }
    // No RRset is secure without a signature that is.
    if (step.kind != StepKind::Rrset || step.state != StepState::Secure) continue;
    CHECK(std::ranges::any_of(trace.steps, [&](const TraceStep& other) {
      return other.kind == StepKind::Signature && other.rrset == i && other.state == StepState::Secure;
    }));
  }
}

Records with_broken(const Records& records, RrType covered) {
  Records broken = records;
  for (dnssec::ResourceRecord& record : broken) {
    if (record.type != RrType::Rrsig) continue;
    const auto rrsig = dnssec::Rrsig::from_rdata(record.rdata);
    if (rrsig && rrsig->type_covered == covered) record.rdata.back() ^= 1;
  }
  return broken;
}

}  // namespace

TEST_SUITE("RFC 4035 section 5: the chain of trust, step by step") {
  TEST_CASE("a trace ends as the judgement does, and no step is better than what it rests on") {
    for (const char* zone : {"n1.example", "n3.example", "oo.example"}) {
      for (const Row& row : rows) {
        const Question question = question_at(row, zone);
        INFO(question.name.to_text(), " ", static_cast<unsigned>(row.type));
        const Records all = lab::common_world().collect(question);
        check_sound(traced(question, all), lab::common_world().judge(question, all).verdict);
        // Cut short anywhere, broken anywhere.
        for (std::size_t keep = 0; keep < all.size(); keep += 3) {
          const Records part(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(keep));
          check_sound(traced(question, part), lab::common_world().judge(question, part).verdict);
        }
        for (const RrType type : {RrType::Dnskey, RrType::Ds, RrType::Nsec, RrType::Nsec3, row.type}) {
          const Records broken = with_broken(all, type);
          check_sound(traced(question, broken), lab::common_world().judge(question, broken).verdict);
        }
      }
    }
  }

  TEST_CASE("the same records in another order give the same steps") {
    const Question question = lab::question("a.b.nothing.n3.example");
    Records all = lab::common_world().collect(question);
    const Trace want = traced(question, all);
    std::ranges::reverse(all);
    const Trace got = traced(question, all);
    REQUIRE(got.steps.size() == want.steps.size());
    for (std::size_t i = 0; i < want.steps.size(); ++i) {
      CHECK(got.steps[i].kind == want.steps[i].kind);
      CHECK(got.steps[i].owner == want.steps[i].owner);
      CHECK(got.steps[i].key_tag == want.steps[i].key_tag);
    }
  }

  TEST_CASE("R4035-5.2a: from the anchor by DS and DNSKEY records of each zone to the record") {
    const Trace trace = traced(lab::question("_443._tcp.www.n1.example"));
    for (const char* zone : {".", "example", "n1.example"}) {
      INFO(zone);
      const lab::Zone& made = lab::common_world().zone(zone);
      const TraceStep* const keys = find(trace, StepKind::Rrset, zone, RrType::Dnskey);
      REQUIRE(keys != nullptr);
      CHECK(keys->state == StepState::Secure);
      CHECK(keys->records == 2);
      const auto kind = std::string_view(zone) == "." ? StepKind::Anchor : StepKind::Ds;
      const TraceStep* const lead = find(trace, kind, zone, RrType::Ds);
      REQUIRE(lead != nullptr);
      CHECK(lead->key_tag == made.ksk().tag());
      CHECK(lead->digest_type == 2);
      for (const TraceStep& key : steps_of(trace, StepKind::Dnskey)) {
        if (key.owner != made.apex()) continue;
        CHECK((key.key_tag == made.ksk().tag() || key.key_tag == made.zsk().tag()));
        // The DS record names the one, and that signs the other.
        CHECK(key.basis.empty() == (key.key_tag == made.zsk().tag()));
        CHECK(key.flags == (key.key_tag == made.ksk().tag() ? 257 : 256));
      }
    }
    const TraceStep* const signature =
        find(trace, StepKind::Signature, "_443._tcp.www.n1.example", RrType::Tlsa);
    REQUIRE(signature != nullptr);
    CHECK(signature->inception == lab::now - 86400);
    CHECK(signature->expiration == lab::now + 86400);
    CHECK(signature->key_tag == lab::common_world().zone("n1.example").zsk().tag());
  }

  TEST_CASE("R4035-5.3.4a: a wildcard is named, and the denial of the name itself") {
    const Trace trace = traced(lab::question("x.wild.n1.example"));
    const TraceStep* const answer = find(trace, StepKind::Rrset, "x.wild.n1.example", RrType::Tlsa);
    REQUIRE(answer != nullptr);
    REQUIRE(answer->target);
    CHECK(answer->target->to_text() == "*.wild.n1.example");
    const TraceStep* const denial = find(trace, StepKind::Denial, "x.wild.n1.example", RrType::Nsec);
    REQUIRE(denial != nullptr);
    CHECK(denial->code == "no-name");
    CHECK(trace.steps.back().basis.size() == 2);
  }

  TEST_CASE("RFC 5155 section 8: closest encloser, next closer name and wildcard are each told") {
    const Trace trace = traced(lab::question("a.b.nothing.n3.example"));
    const TraceStep* const encloser = find(trace, StepKind::Denial, "n3.example", RrType::Nsec3);
    REQUIRE(encloser != nullptr);
    CHECK(encloser->code == "closest-encloser");
    for (const char* name : {"nothing.n3.example", "*.n3.example"}) {
      const TraceStep* const denial = find(trace, StepKind::Denial, name, RrType::Nsec3);
      REQUIRE(denial != nullptr);
      CHECK(denial->code == "no-name");
    }
    CHECK(trace.steps.back().code == "name-error");
  }

  TEST_CASE("R4035-5.2a: the cut below which nothing is signed, and what proves it") {
    struct Cut {
      const char* name;
      const char* code;
      const char* denial;
      RrType type;
    };
    constexpr Cut cuts[] = {
        {"insecure.n1.example", "unsigned-delegation", "delegation-without-ds", RrType::Nsec},
        {"insecure.n3.example", "unsigned-delegation", "delegation-without-ds", RrType::Nsec3},
        {"insecure.oo.example", "opt-out", "opt-out", RrType::Nsec3},
    };
    for (const Cut& cut : cuts) {
      INFO(cut.name);
      const Trace trace = traced(lab::question("www." + std::string(cut.name), RrType::A));
      const TraceStep& end = trace.steps.back();
      CHECK(end.state == StepState::Insecure);
      CHECK(end.code == cut.code);
      CHECK(end.zone == lab::name(cut.name));
      const TraceStep* const denial = find(trace, StepKind::Denial, cut.name, cut.type);
      REQUIRE(denial != nullptr);
      CHECK(denial->code == cut.denial);
      CHECK_FALSE(end.basis.empty());
    }
  }

  TEST_CASE("R4035-5.2a: DS records that nobody can follow lead nowhere, and that is the cut") {
    const Trace trace = traced(lab::question("www.strange.n1.example"));
    const TraceStep* const ds = find(trace, StepKind::Ds, "strange.n1.example", RrType::Ds);
    REQUIRE(ds != nullptr);
    CHECK(ds->state == StepState::Unused);
    CHECK(ds->code == "unknown-algorithm");
    CHECK(trace.steps.back().code == "unsupported-algorithms");
    CHECK(trace.steps.back().basis.size() == 1);
  }

  TEST_CASE("aliases are followed by name") {
    const Trace trace = traced(lab::question("x.moved.n1.example"));
    const auto aliases = steps_of(trace, StepKind::Alias);
    REQUIRE(aliases.size() == 1);
    CHECK(aliases.front().type == RrType::Dname);
    CHECK(aliases.front().owner.to_text() == "x.moved.n1.example");
    CHECK(aliases.front().target->to_text() == "x.wild.n1.example");
    CHECK(steps_of(trace, StepKind::Question).size() == 2);
  }

  TEST_CASE("where it breaks is the RRset that does not verify, with the reason") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    const Records all = lab::common_world().collect(question);
    for (const RrType type : {RrType::Tlsa, RrType::Dnskey, RrType::Ds}) {
      INFO(static_cast<unsigned>(type));
      const Trace trace = traced(question, with_broken(all, type));
      const TraceStep& end = trace.steps.back();
      CHECK(end.state == StepState::Bogus);
      REQUIRE_FALSE(end.basis.empty());
      const TraceStep& broken = trace.steps[end.basis.front()];
      CHECK(broken.type == type);
      CHECK(broken.state == StepState::Bogus);
      const auto signatures = steps_of(trace, StepKind::Signature);
      const auto why = std::ranges::find_if(
          signatures, [&](const TraceStep& step) { return step.rrset == end.basis.front(); });
      REQUIRE(why != signatures.end());
      CHECK(why->code == "signature-invalid");
    }
  }

  TEST_CASE("what is missing is named, and what is there is shown") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    const Records part = lab::common_world().reply(lab::question(".", RrType::Dnskey));
    const Trace trace = traced(question, part);
    CHECK(trace.steps.back().state == StepState::Missing);
    CHECK(find(trace, StepKind::Rrset, ".", RrType::Dnskey)->state == StepState::Secure);
    CHECK(find(trace, StepKind::Missing, "_443._tcp.www.n1.example", RrType::Tlsa) != nullptr);
  }

  TEST_CASE(
      "a failure of the lookup takes the place of what records alone would prove, but not of what is bogus") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    const Records all = lab::common_world().collect(question);
    Trace trace = traced(question, all);
    trace.fail("contradiction", "the rcode says otherwise");
    CHECK(trace.steps.back().state == StepState::Missing);
    CHECK(trace.steps.back().code == "contradiction");
    CHECK(find(trace, StepKind::Rrset, "_443._tcp.www.n1.example", RrType::Tlsa)->state == StepState::Secure);
    Trace bogus = traced(question, with_broken(all, RrType::Tlsa));
    bogus.fail("timeout", "");
    CHECK(bogus.steps.back().code == "signature-invalid");
  }

  TEST_CASE("R9276-3a: nothing in it is insecure where the lookup failed, because nothing was proven to be") {
    const Question question = lab::question("www.insecure.n1.example");
    Records records = lab::common_world().collect(question);
    records.push_back(lab::record(question.name, question.type, Buffer(35, 1)));
    Trace trace = traced(question, records);
    const auto is_insecure = [](const TraceStep& step) { return step.state == StepState::Insecure; };
    CHECK(std::ranges::count_if(trace.steps, is_insecure) > 1);
    trace.fail("server-failure", "SERVFAIL");
    CHECK(std::ranges::none_of(trace.steps, is_insecure));
    CHECK(trace.steps.back().state == StepState::Missing);
    CHECK(find(trace, StepKind::Rrset, "www.insecure.n1.example", question.type)->state == StepState::Unused);
  }

  TEST_CASE("what is shown costs as little as what is judged, however many signatures there are") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    Records all = lab::common_world().collect(question);
    const Records genuine = all;
    for (int i = 0; i < 200; ++i) {
      for (dnssec::ResourceRecord record : genuine) {
        if (record.type != RrType::Rrsig) continue;
        record.rdata.back() = static_cast<std::uint8_t>(record.rdata.back() ^ (1 + i));
        all.push_back(std::move(record));
      }
    }
    const Trace trace = traced(question, all);
    CHECK(trace.steps.size() < 400);
    CHECK(trace.steps.back().state == state_of(lab::common_world().judge(question, all).verdict));
  }
}
