// What a judgement costs: ordinary answers, and the worst that we know how to craft within the limits.
#include <benchmark/benchmark.h>

#include <string>

#include "bench_world.hpp"

using namespace danelaw::dnssec;
using namespace lab;

namespace {

const World& p256_world() {
  static const World world = bench::world_of(Algorithm::EcdsaP256Sha256, Chain::Nsec3);
  return world;
}

void run(benchmark::State& state, const World& world, const Question& asked, const Records& records,
         const Known* known) {
  const JudgeOptions options{.limits = {}, .sha1 = Sha1Signatures::Verify, .known = known};
  std::string said;
  Counts counts;
  for (auto _ : state) {
    const Judgement judgement = world.judge(asked, records, options);
    said = summary(judgement.verdict);
    counts = judgement.counts;
  }
  state.SetLabel(said.substr(0, 40));
  state.counters["checks"] = static_cast<double>(counts.signature_checks);
  state.counters["hashes"] = static_cast<double>(counts.nsec3_hashes);
}

void full_chain(benchmark::State& state) {
  const Question asked = question("_443._tcp.www.z.com");
  run(state, p256_world(), asked, p256_world().collect(asked), nullptr);
}

void known_zone(benchmark::State& state) {
  const Question asked = question("_443._tcp.www.z.com");
  Known known = p256_world().judge(asked, p256_world().collect(asked)).learned;
  known.verified.clear();
  run(state, p256_world(), asked, p256_world().reply(asked), &known);
}

void name_error_nsec3(benchmark::State& state) {
  const Question asked = question("_443._tcp.no.z.com");
  run(state, p256_world(), asked, p256_world().collect(asked), nullptr);
}

/// A root that an attacker signs, with 16 aliases through the longest of names, and records that cover all of them.
struct Crafted {
  World world;
  Records records;
  Question asked;
};

std::string longest(char letter) {
  std::string text;
  for (int labels = 0; labels < 126; ++labels) text += std::string(1, letter) + ".";
  return text;
}

Crafted crafted_aliases(Chain chain) {
  Crafted made;
  Zone root(".", chain);
  root.iterations(100);
  constexpr std::string_view letters = "abcdefghijklmnopq";
  for (std::size_t at = 0; at + 1 < letters.size(); ++at)
    root.add(longest(letters[at]), RrType::Cname, name_rdata(longest(letters[at + 1])));
  made.world.add(std::move(root));
  made.asked = question(longest('a'), RrType::A);
  const Zone& signed_root = made.world.zone(".");
  for (const RrType type : {RrType::Dnskey}) append(made.records, signed_root.find(name("."), type));
  for (const char letter : letters)
    append(made.records, signed_root.find(name(longest(letter)), RrType::Cname));
  return made;
}

void put_nsecs(Crafted& made) {
  // Each covers everything, is signed by an unknown algorithm and fails without a check.
  for (int at = 0; at < 62; ++at) {
    const std::string owner = std::string(static_cast<std::size_t>(at + 1), '!');
    const Records one{record(name(owner), RrType::Nsec, nsec_rdata(name("."), {RrType::A}))};
    append(made.records, one);
    made.records.push_back(rrsig(one, SigningKey::seeded(3).claiming(200), name(".")));
    const Records two{record(name(owner + "a"), RrType::Nsec, nsec_rdata(name(longest('z')), {RrType::A}))};
    append(made.records, two);
    made.records.push_back(rrsig(two, SigningKey::seeded(3).claiming(200), name(".")));
  }
}

void crafted_nsec(benchmark::State& state) {
  Crafted made = crafted_aliases(Chain::Nsec);
  put_nsecs(made);
  run(state, made.world, made.asked, made.records, nullptr);
}

void crafted_nsec3(benchmark::State& state) {
  Crafted made = crafted_aliases(Chain::Nsec3);
  for (std::uint8_t salt = 0; salt < 120; ++salt) {
    const Records one{record(name("00000000000000000000000000000000"), RrType::Nsec3,
                             nsec3_rdata(0, 100, Buffer(255, salt), Buffer(20, 0xFF), {RrType::A}))};
    append(made.records, one);
    made.records.push_back(rrsig(one, SigningKey::seeded(3).claiming(200), name(".")));
  }
  run(state, made.world, made.asked, made.records, nullptr);
}

/// KeyTrap: the longest RRset, with signatures that do not verify, by the dearest algorithm.
void crafted_signatures(benchmark::State& state) {
  World world;
  Zone root(".", Chain::Nsec);
  root.keys(SigningKey::make(Algorithm::EcdsaP384Sha384, entry_point),
            SigningKey::make(Algorithm::EcdsaP384Sha384));
  world.add(std::move(root));
  Records texts;
  for (std::uint8_t at = 0; at < 220; ++at) texts.push_back(record(name("t"), RrType::Txt, Buffer(251, at)));
  Records records = world.zone(".").everything();
  append(records, texts);
  for (int at = 0; at < 1000; ++at) {
    ResourceRecord signature =
        rrsig({texts.front()}, world.zone(".").zsk(), name("."), {.expiration = now + 1000 + at});
    records.push_back(signature);
  }
  run(state, world, question("t", RrType::Txt), records, nullptr);
}

/// As many records as are read at all.
void put_records(Crafted& made) {
  const std::size_t there = made.records.size();
  for (std::size_t at = there; at < Limits{}.records; ++at)
    made.records.push_back(record(name(longest('a')), static_cast<RrType>(1000 + at), Buffer(8, 1)));
}

void crafted_records(benchmark::State& state) {
  Crafted made = crafted_aliases(Chain::Nsec);
  put_records(made);
  run(state, made.world, made.asked, made.records, nullptr);
}

/// All of it together: each limit is nearly reached before the last one is.
void crafted_all(benchmark::State& state) {
  Crafted made = crafted_aliases(Chain::Nsec3);
  put_nsecs(made);
  const auto& zsk = made.world.zone(".").zsk();
  for (std::uint8_t salt = 0; salt < 4; ++salt) {
    const Records one{record(name("00000000000000000000000000000000"), RrType::Nsec3,
                             nsec3_rdata(0, 100, Buffer(255, salt), Buffer(20, 0xFF), {RrType::A}))};
    append(made.records, one);
    made.records.push_back(rrsig(one, SigningKey::seeded(3).claiming(200), name(".")));
  }
  Records texts;
  for (std::uint8_t at = 0; at < 220; ++at)
    texts.push_back(record(name(longest('q')), RrType::A, Buffer(251, at)));
  append(made.records, texts);
  for (int at = 0; at < 16; ++at)
    made.records.push_back(rrsig({texts.front()}, zsk, name("."), {.expiration = now + 1000 + at}));
  put_records(made);
  run(state, made.world, made.asked, made.records, nullptr);
}

/// A long RRset under signatures whose keys nobody has: none can be checked, each was made for the same octets.
void crafted_strange_tags(benchmark::State& state) {
  World world;
  world.add(Zone(".", Chain::Nsec));
  Records texts;
  for (int at = 0; at < 200; ++at)
    texts.push_back(record(name("t"), RrType::Txt, Buffer(300, static_cast<std::uint8_t>(at))));
  Records records = world.zone(".").everything();
  append(records, texts);
  const ResourceRecord signature = rrsig(texts, world.zone(".").zsk(), name("."));
  for (int at = 0; at < 1800; ++at) {
    records.push_back(signature);
    records.back().rdata[16] = static_cast<std::uint8_t>(at >> 8);
    records.back().rdata[17] = static_cast<std::uint8_t>(at);
  }
  run(state, world, question("t", RrType::Txt), records, nullptr);
}

/// Denials of one set of parameters that all cover every name, whose encloser is never there.
void crafted_covers(benchmark::State& state) {
  World world;
  Zone root(".", Chain::Nsec3);
  root.iterations(100);
  world.add(std::move(root));
  std::string asked;
  for (int labels = 0; labels < 46; ++labels) asked += "abcd.";
  Records records = world.zone(".").find(name("."), RrType::Dnskey);
  for (int at = 0; at < 120; ++at) {
    std::string owner = "00000000000000000000000000000000";
    owner[30] = static_cast<char>('a' + at / 20);
    owner[31] = static_cast<char>('a' + at % 20);
    const Records one{record(name(owner), RrType::Nsec3,
                             nsec3_rdata(0, 100, Buffer(255, 1), Buffer(20, 0xFF), {RrType::A}))};
    append(records, one);
    records.push_back(rrsig(one, SigningKey::seeded(3).claiming(200), name(".")));
  }
  run(state, world, question(asked, RrType::A), records, nullptr);
}

/// Signatures of as many signers as there can be.
void crafted_signers(benchmark::State& state) {
  World world;
  world.add(Zone(".", Chain::Nsec));
  const Records answer{record(name("a.b"), RrType::A, {1, 2, 3, 4})};
  Records records = world.zone(".").everything();
  append(records, answer);
  for (int at = 0; at < 1900; ++at)
    records.push_back(rrsig(answer, SigningKey::seeded(3),
                            name("n" + std::to_string(at) + "." + longest('z').substr(0, 200))));
  run(state, world, question("a.b", RrType::A), records, nullptr);
}

BENCHMARK(full_chain);
BENCHMARK(known_zone);
BENCHMARK(name_error_nsec3);
BENCHMARK(crafted_nsec);
BENCHMARK(crafted_nsec3);
BENCHMARK(crafted_signatures);
BENCHMARK(crafted_records);
BENCHMARK(crafted_all);
BENCHMARK(crafted_strange_tags);
BENCHMARK(crafted_covers);
BENCHMARK(crafted_signers);

}  // namespace

BENCHMARK_MAIN();
