// Writes the corpus of served_chain into the folder that is named: the proof of every service, whole.
#include <fstream>
#include <iostream>

#include "served_chain_input.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_served_chain_corpus DIRECTORY\n";
    return 2;
  }
  const auto& services = served_chain_input::services();
  for (std::size_t index = 0; index < services.size(); ++index) {
    danelaw::Buffer octets = served_chain_input::proof_of(services[index]);
    octets.insert(octets.begin(), static_cast<std::uint8_t>(index));
    std::ofstream(std::string(arguments[1]) + "/" + std::to_string(index), std::ios::binary)
        .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
  }
}
