// Root, com and z.com, all signed with one algorithm: what the benchmarks of judgements judge.
#pragma once

#include "world.hpp"

namespace bench {

[[nodiscard]] inline lab::World world_of(lab::Algorithm algorithm, lab::Chain chain) {
  using namespace lab;
  World made;
  const auto keys = [algorithm](Zone& zone) {
    zone.keys(SigningKey::make(algorithm, entry_point), SigningKey::make(algorithm));
  };
  Zone leaf("z.com", chain);
  keys(leaf);
  leaf.iterations(0).add("_443._tcp.www.z.com", RrType::Tlsa, Buffer(35, 3));
  Zone com("com", Chain::OptOut);
  keys(com);
  com.delegate("z.com", {made.add(std::move(leaf)).ds()});
  Zone root(".", Chain::Nsec);
  keys(root);
  root.delegate("com", {made.add(std::move(com)).ds()});
  made.add(std::move(root));
  return made;
}

}  // namespace bench
