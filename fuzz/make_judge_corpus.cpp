// Writes the corpus of judge into the folder that is named: for every fourth question what a judgement asks for, and what is in
// the zones around it. Run it again when the input form, the questions or the zones change.
#include <algorithm>
#include <fstream>
#include <iostream>

#include "judge_input.hpp"

using namespace danelaw;
using judge_input::pool;
using judge_input::questions;

namespace {

void write(const std::string& path, std::size_t index) {
  Buffer out{static_cast<std::uint8_t>(index)};
  for (const auto& record : lab::common_world().collect(questions()[index])) {
    // A synthesized CNAME, or a record that a wildcard was expanded to, is not in the pool under that name.
    auto found = std::ranges::find(pool(), record);
    const bool moved = found == pool().end();
    if (moved) {
      found = std::ranges::find_if(
          pool(), [&](const auto& one) { return one.type == record.type && one.rdata == record.rdata; });
      if (found == pool().end()) continue;
    }
    out.push_back(0);
    lab::put_u16(out, static_cast<std::size_t>(found - pool().begin()));
    if (moved) out.insert(out.end(), {judge_input::first_change, 2, static_cast<std::uint8_t>(index)});
  }
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
}

/// The zones above the name, without one of the types that lead on from there.
void write_dump(const std::string& path, std::size_t index, std::uint8_t left_out) {
  Buffer out{static_cast<std::uint8_t>(index)};
  for (std::uint8_t at = 0; at < 5; ++at) {
    const bool above = questions()[index].name.is_within(lab::name(judge_input::zones[at]));
    // The chain of keys stays whole.
    if (above) out.insert(out.end(), {judge_input::first_dump, at < 2 ? std::uint8_t{0} : left_out, at});
  }
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_judge_corpus DIRECTORY\n";
    return 2;
  }
  constexpr std::size_t every = 4;
  for (std::size_t index = 0; index < questions().size(); index += every)
    write(std::string(arguments[1]) + "/" + std::to_string(index), index);
  constexpr std::uint8_t types_left_out[] = {43, 39, 1, 52, 5};  // DS, DNAME, A, TLSA, CNAME
  for (std::size_t index = 0; index < questions().size(); ++index)
    write_dump(std::string(arguments[1]) + "/dump" + std::to_string(index), index, types_left_out[index % 5]);
}
