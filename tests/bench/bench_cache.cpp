// A process's first lookup of a TLSA record, from the file cache and from a resolver on this machine that answers at once; and what a
// file costs alone. Ed25519, three zones.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>

#include "dns/proof_files.hpp"
#include "dns/resolver.hpp"
#include "dns/stub_engine.hpp"
#include "dnssec/proof.hpp"
#include "kept_proofs.hpp"
#include "scripted_server.hpp"
#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using danelaw::dns::test::KeptProofs;

namespace {

const Question& tlsa() {
  static const Question made = lab::question("_443._tcp.www.n1.example");
  return made;
}

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "danelaw-bench-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

ProofEntry entry() {
  const lab::World& world = lab::common_world();
  auto proof = dnssec::proof_in(world.collect(tlsa()), tlsa(), world.anchors(), lab::now).value();
  return {tlsa(), lab::now, lab::now + 300, std::move(proof.records)};
}

void first_lookup(benchmark::State& state, const std::string& cache) {
  test::ScriptedServer server([](const Question& asked, const Buffer& query) {
    return std::vector<Buffer>{test::reply_to(query, {lab::common_world().reply(asked)})};
  });
  for (auto _ : state) {
    StubSettings stub;
    stub.anchors = lab::common_world().anchors();
    stub.resolvers = {server.address()};
    stub.clock = [] { return lab::now; };
    if (!cache.empty()) stub.stores = {std::make_shared<ProofFiles>(cache)};
    ResolverSettings settings;
    settings.engine = stub_engine(std::move(stub));
    settings.clock = [] { return lab::now; };
    const auto resolver = Resolver::create(std::move(settings));
    const auto answer =
        resolver->ask(tlsa())->wait(std::chrono::steady_clock::now() + std::chrono::seconds(5));
    if (!answer || !std::holds_alternative<SecureRrset>(*answer)) state.SkipWithError("no answer");
  }
  state.counters["questions"] = benchmark::Counter(server.questions(), benchmark::Counter::kAvgIterations);
}

void from_dns(benchmark::State& state) { first_lookup(state, ""); }
void from_file(benchmark::State& state) {
  const Folder folder;
  KeptProofs(folder.path, lab::common_world().anchors()).keep(entry(), lab::now);
  first_lookup(state, folder.path);
}

void read_and_judge(benchmark::State& state) {
  const Folder folder;
  const auto anchors = lab::common_world().anchors();
  KeptProofs(folder.path, anchors).keep(entry(), lab::now);
  for (auto _ : state) {
    KeptProofs files(folder.path, anchors);  // which remembers no signature
    if (!files.find(tlsa(), lab::now)) state.SkipWithError("no answer");
  }
}

void miss(benchmark::State& state) {
  const Folder folder;
  KeptProofs files(folder.path, lab::common_world().anchors());
  for (auto _ : state) benchmark::DoNotOptimize(files.find(tlsa(), lab::now));
}

void write(benchmark::State& state) {
  const Folder folder;
  KeptProofs files(folder.path, lab::common_world().anchors());
  const ProofEntry made = entry();
  for (auto _ : state) files.keep(made, lab::now);
}

BENCHMARK(from_dns)->UseRealTime();
BENCHMARK(from_file)->UseRealTime();
BENCHMARK(read_and_judge);
BENCHMARK(miss);
BENCHMARK(write);

}  // namespace

BENCHMARK_MAIN();
