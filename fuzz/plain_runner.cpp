// Runs a fuzz target without an engine: every file of a corpus, then seeded mutations of them, the same ones each
// time. Usage: TARGET [-runs=N] [-seed=N] CORPUS-DIRECTORY, as libFuzzer would be called.
//
// Each input is handed over in a heap block of exactly its size, so that a sanitizer or valgrind sees a read outside.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz_assert.hpp"

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t max_input_octets = 8192;
constexpr std::size_t max_changes = 6;

const Input* current = nullptr;  // for the line that is printed when a property does not hold

void show_input(int) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string line = "input: ";
  for (const std::uint8_t octet : *current) line += {digits[octet >> 4], digits[octet & 15]};
  line += "\n";
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) _exit(1);
}

void run(const Input& input) {
  current = &input;
  const auto exact = std::make_unique<std::uint8_t[]>(input.size());
  std::copy(input.begin(), input.end(), exact.get());
  LLVMFuzzerTestOneInput(exact.get(), input.size());
}

class Mutator final {
 public:
  Mutator(const std::vector<Input>& corpus, std::uint64_t seed) : m_corpus(corpus), m_random(seed) {}

  Input next() {
    Input input = m_corpus[below(m_corpus.size())];
    for (std::size_t changes = 1 + below(max_changes); changes > 0; --changes) change(input);
    input.resize(std::min(input.size(), max_input_octets));
    return input;
  }

 private:
  // Not std::uniform_int_distribution: its results differ from library to library.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(m_random() % bound); }

  std::uint8_t interesting() {
    constexpr std::uint8_t values[] = {0x00, 0x01, 0x02, 0x03, 0x0C, 0x20, 0x2E, 0x30,
                                       0x3F, 0x40, 0x5C, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    return below(2) == 0 ? values[below(std::size(values))] : static_cast<std::uint8_t>(below(256));
  }

  void change(Input& input) {
    const std::size_t kind = input.empty() ? 2 : below(6);
    const std::size_t at = input.empty() ? 0 : below(input.size());
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    if (kind == 0) input[at] ^= static_cast<std::uint8_t>(1U << below(8));
    if (kind == 1) input[at] = interesting();
    if (kind == 2) input.insert(place, interesting());
    if (kind == 3)
      input.erase(
          place, place + static_cast<std::ptrdiff_t>(1 + below(std::min<std::size_t>(8, input.size() - at))));
    if (kind == 4) input.resize(at);
    if (kind == 5) splice(input, at);
  }

  /// Goes on from `at` as another input of the corpus does from some place.
  void splice(Input& input, std::size_t at) {
    const Input& other = m_corpus[below(m_corpus.size())];
    const std::size_t from = below(other.size() + 1);
    input.resize(at);
    input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
  }

  const std::vector<Input>& m_corpus;
  std::mt19937_64 m_random;
};

std::vector<Input> load(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Input> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

bool take_number(std::string_view argument, std::string_view name, std::uint64_t& value) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  return std::from_chars(argument.data(), argument.data() + argument.size(), value).ec == std::errc{};
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t runs = 0;
  std::uint64_t seed = 1;
  std::string directory;
  for (const std::string_view argument : std::vector<std::string_view>(arguments + 1, arguments + count)) {
    if (!take_number(argument, "-runs=", runs) && !take_number(argument, "-seed=", seed))
      directory = argument;
  }
  const std::vector<Input> corpus = load(directory);
  if (corpus.empty()) {
    std::cerr << "no corpus in " << directory << "\n";
    return 2;
  }
  struct sigaction action {};
  action.sa_handler = show_input;
  sigaction(SIGABRT, &action, nullptr);
  for (const Input& input : corpus) run(input);
  Mutator mutator(corpus, seed);
  for (std::uint64_t done = 0; done < runs; ++done) run(mutator.next());
  std::cout << corpus.size() << " inputs and " << runs << " mutations (seed " << seed << ")\n";
  return 0;
}
