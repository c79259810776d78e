// Why: one entry per record and one for the chain, made from a verdict when somebody asks. Text is for people
// and logs: it is never parsed, and no decision rests on it.
#pragma once

#include <string>
#include <vector>

#include "tlsa/usability.hpp"
#include "verify/verdict.hpp"

namespace danelaw::verify {

struct RecordEntry {
  std::string record;  ///< text form, or hex where malformed
  tlsa::Standing standing = tlsa::Standing::Malformed;
  int matched_depth = -1;  ///< in the presented or verified chain; -1: did not match
  bool decided = false;    ///< this record is the one the verdict rests on
  std::string text;        ///< "matches the certificate at depth 0", or why not and what the peer has instead
};

struct Explanation {
  std::string service;  ///< "host:port/transport"; empty where none was named, and for names
  std::string summary;  ///< one line: service or names, outcome, verdict, why
  std::string chain;    ///< one line: what the peer presented and how far a path was built
  std::vector<RecordEntry> records;
  std::string hint;  ///< what to do; may be empty
};

/// What a summary begins with: a connection has a service, a chain from a file only names.
enum class Subject { Service, Names };

[[nodiscard]] Explanation explain(const Verdict& verdict, Subject subject = Subject::Service);

}  // namespace danelaw::verify
