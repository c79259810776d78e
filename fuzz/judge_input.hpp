// The input of the target judge: one octet that chooses a question, then steps of three octets: one below first_change adds the
// record of that number in the pool, the number modulo its size in the next two; any other changes the record added last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world.hpp"

namespace judge_input {

inline constexpr std::uint8_t first_change = 0xE0;

inline const std::vector<danelaw::dnssec::Question>& questions() {
  static const std::vector<danelaw::dnssec::Question> all = [] {
    std::vector<danelaw::dnssec::Question> made;
    for (const char* apex : {"n1.example", "n3.example", "oo.example"}) {
      for (const char* owner :
           {"www.", "_443._tcp.www.child.", "child.", "no.", "x.wild.", "there.wild.", "alias.", "x.walias.",
            "there.moved.", "out.", "away.", "empty.", "www.insecure.", "www.strange.", "x.www.child.", ""}) {
        for (const danelaw::RrType type : {danelaw::RrType::A, danelaw::RrType::Tlsa, danelaw::RrType::Ds})
          made.push_back(lab::question(std::string(owner) + apex, type));
      }
    }
    return made;
  }();
  return all;
}

/// Every record there is, in an order that does not change.
inline const lab::Records& pool() {
  static const lab::Records all = [] {
    lab::Records made;
    for (const char* apex :
         {".", "example", "n1.example", "n3.example", "oo.example", "child.n1.example", "child.n3.example",
          "child.oo.example", "unsigned.example", "insecure.n1.example"})
      lab::append(made, lab::common_world().zone(apex).everything());
    return made;
  }();
  return all;
}

}  // namespace judge_input
