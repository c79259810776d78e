// The input of the target judge: one octet that chooses a question, then steps of three octets. Below first_dump a step adds the
// record of that number in the pool, modulo its size; below first_change it adds the whole of a zone (third octet) but for the
// records of one type (second octet) and their signatures; any other changes the record added last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world.hpp"

namespace judge_input {

inline constexpr std::uint8_t first_dump = 0xC0;
inline constexpr std::uint8_t first_change = 0xE0;

/// Numbers are positions here.
inline constexpr const char* zones[] = {".",
                                        "example",
                                        "n1.example",
                                        "n3.example",
                                        "oo.example",
                                        "child.n1.example",
                                        "child.n3.example",
                                        "child.oo.example",
                                        "unsigned.example",
                                        "insecure.n1.example"};

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
