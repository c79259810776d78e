// What it costs to validate a proof, from its octets on, beside the bare signature checks that it cannot do without: each key read
// once, each signature checked once, over data that stand ready.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "bench_world.hpp"
#include "dnssec/authentication_chain.hpp"
#include "dnssec/proof.hpp"
#include "dnssec/signed_data.hpp"
#include "in_turns.hpp"

using namespace danelaw::dnssec;
using namespace lab;

namespace {

struct Check {
  std::size_t key;
  Buffer data;
  Buffer signature;
};
/// The signatures in a proof, each of which is needed, and the keys that they are by.
struct Checks {
  std::vector<Dnskey> keys;
  std::vector<Check> checks;
};

Checks checks_of(const Records& records) {
  Checks made;
  std::map<std::pair<DnsName, std::uint16_t>, std::size_t> keys;
  for (const ResourceRecord& record : records) {
    if (record.type != RrType::Dnskey) continue;
    auto key = Dnskey::from_rdata(record.rdata).value();
    keys[{record.owner, key.tag}] = made.keys.size();
    made.keys.push_back(std::move(key));
  }
  const Bag bag(records);
  for (const ResourceRecord& record : records) {
    if (record.type != RrType::Rrsig) continue;
    const Rrsig rrsig = Rrsig::from_rdata(record.rdata).value();
    const Rrset& rrset = bag.find(record.owner, rrsig.type_covered).front();
    made.checks.push_back(
        {keys.at({rrsig.signer, rrsig.key_tag}), signed_data(rrset, rrsig), rrsig.signature});
  }
  return made;
}

struct Subject {
  World world;
  Question asked;
  Records records;
  Buffer octets;
  Checks bare;
};

void fail(const char* what) {
  std::fprintf(stderr, "bench_proof: %s\n", what);
  std::exit(1);
}

Subject subject(Algorithm algorithm, Chain chain, std::string_view owner) {
  Subject made{bench::world_of(algorithm, chain), question(owner), {}, {}, {}};
  auto proof = proof_in(made.world.collect(made.asked), made.asked, made.world.anchors(), now);
  if (!proof) fail("no proof");
  made.records = std::move(proof->records);
  made.octets = write_chain(made.records).value();
  made.bare = checks_of(made.records);
  // No signature is checked twice, and none that is not needed.
  const Counts counts = made.world.judge(made.asked, made.records).counts;
  if (counts.signature_checks != made.bare.checks.size())
    fail("more or fewer checks than the proof has signatures");
  return made;
}

bool judged(const Subject& subject, const TrustAnchors& anchors) {
  const auto records = read_chain(subject.octets);
  const Judgement judgement = judge(subject.asked, *records, anchors, now);
  return judgement.counts.signatures_passed == subject.bare.checks.size();
}

bool checked(const Checks& bare, Algorithm algorithm) {
  std::vector<std::shared_ptr<const PublicKey>> keys(bare.keys.size());
  for (const Check& check : bare.checks) {
    auto& key = keys[check.key];
    if (!key) key = PublicKey::from_dnskey(algorithm, bare.keys[check.key].public_key);
    if (!key->verifies(check.data, check.signature)) return false;
  }
  return true;
}

void add(const std::string& what, Algorithm algorithm, Chain chain, std::string_view owner) {
  const auto made = std::make_shared<const Subject>(subject(algorithm, chain, owner));
  const auto ours = [made, anchors = made->world.anchors()] { return judged(*made, anchors); };
  const auto bare = [made, algorithm] { return checked(made->bare, algorithm); };
  bench::add(what, bench::turn_of(1, ours), bench::turn_of(1, bare));
}

}  // namespace

int main(int count, char** arguments) {
  for (const auto& [word, algorithm] :
       {std::pair{"P-256", Algorithm::EcdsaP256Sha256}, std::pair{"RSA-2048", Algorithm::RsaSha256}}) {
    const std::string suffix = std::string(", ") + word;
    add("proof, TLSA" + suffix, algorithm, Chain::Nsec, "_443._tcp.www.z.com");
    add("proof, denial, NSEC" + suffix, algorithm, Chain::Nsec, "_443._tcp.no.z.com");
    add("proof, denial, NSEC3" + suffix, algorithm, Chain::Nsec3, "_443._tcp.no.z.com");
  }
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
