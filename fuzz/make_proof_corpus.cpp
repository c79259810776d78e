// Writes the corpus of proof into the folder that is named: for every fifth question the chain that proves what is true of it, and
// the data of an extension. Run it again when the questions or the zones change.
#include <fstream>
#include <iostream>

#include "dnssec/authentication_chain.hpp"
#include "dnssec/proof.hpp"
#include "judge_input.hpp"

using namespace danelaw;
using judge_input::questions;

namespace {

void write(const std::string& path, std::size_t index, const Buffer& octets) {
  std::ofstream file(path, std::ios::binary);
  file.put(static_cast<char>(index));
  file.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_proof_corpus DIRECTORY\n";
    return 2;
  }
  const std::string folder(arguments[1]);
  const lab::World& world = lab::common_world();
  for (std::size_t index = 0; index < questions().size(); index += 5) {
    const auto proof =
        dnssec::proof_in(world.collect(questions()[index]), questions()[index], world.anchors(), lab::now);
    if (!proof) continue;
    write(folder + "/" + std::to_string(index), index, dnssec::write_chain(proof->records).value());
    if (index % 20 != 0) continue;
    const dnssec::DnssecChainExtension extension{720, proof->records};
    write(folder + "/extension" + std::to_string(index), index, extension.to_wire().value());
  }
}
