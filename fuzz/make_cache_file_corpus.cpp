// Writes the corpus of cache_file into the folder that is named: for every fifth question the entry that proves what is true of
// it. Run it again when the questions, the zones or the format change.
#include <fstream>
#include <iostream>

#include "dns/proof_entry.hpp"
#include "dnssec/proof.hpp"
#include "judge_input.hpp"

using namespace danelaw;
using judge_input::questions;

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_cache_file_corpus DIRECTORY\n";
    return 2;
  }
  const lab::World& world = lab::common_world();
  for (std::size_t index = 0; index < questions().size(); index += 5) {
    const auto& question = questions()[index];
    const auto proof = dnssec::proof_in(world.collect(question), question, world.anchors(), lab::now);
    if (!proof) continue;
    constexpr EpochSeconds an_hour = 3600;
    const auto entry = dns::write_entry({question, lab::now, lab::now + an_hour, proof->records}).value();
    std::ofstream file(std::string(arguments[1]) + "/" + std::to_string(index), std::ios::binary);
    file.put(static_cast<char>(index)).put(static_cast<char>(128 + index % 4));  // half an hour later at most
    file.write(reinterpret_cast<const char*>(entry.data()), static_cast<std::streamsize>(entry.size()));
  }
}
