// What a validator makes of a question, in words that two of them share.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "dnssec/judgement.hpp"

namespace differential {

enum class Word { Secure, Denied, Insecure, Failed };

struct Opinion {
  Word word = Word::Failed;
  std::vector<danelaw::Buffer> rdatas;  ///< sorted; of what is secure only
  std::string why;                      ///< for people
  friend bool operator==(const Opinion& a, const Opinion& b) {
    return a.word == b.word && a.rdatas == b.rdatas;
  }
};

inline const char* to_string(Word word) {
  switch (word) {
    case Word::Secure:
      return "secure";
    case Word::Denied:
      return "denied";
    case Word::Insecure:
      return "insecure";
    case Word::Failed:
      return "failed";
  }
  return "";
}

}  // namespace differential
