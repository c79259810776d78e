// Policies of MTA-STS that were fetched, for their max_age (RFC 8461 section 3.3), in memory and, where there is a directory, in
// one file for each domain, so that they are in force after a restart.
//
// A file is written as a whole and read strictly; what is no policy any more is removed. Without a directory, or where it
// cannot be written, policies last as long as the process.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sts_policy.hpp"

namespace danelaw::policyd {

struct KeptPolicy {
  std::string id;            ///< of the record that announced it
  std::int64_t fetched = 0;  ///< seconds since 1970-01-01 UTC
  StsPolicy policy;

  [[nodiscard]] std::int64_t expires() const { return fetched + policy.max_age.count(); }
  friend bool operator==(const KeptPolicy&, const KeptPolicy&) = default;
};

/// The contents of a file, both ways. Nothing where the text is none such.
[[nodiscard]] std::string to_file_text(const KeptPolicy& kept);
[[nodiscard]] std::optional<KeptPolicy> kept_policy_from(std::string_view text);

class StsStore final {
 public:
  /// `directory` may be empty: none. It is made if need be. At most `most` policies are kept in memory, and four times as many
  /// files.
  StsStore(std::string directory, std::size_t most);

  /// A policy that is in force at `now`. `domain` is in A-labels and lower case.
  [[nodiscard]] std::optional<KeptPolicy> find(const std::string& domain, std::int64_t now);
  void keep(const std::string& domain, KeptPolicy kept);
  /// What another store holds in memory.
  void adopt(const StsStore& other);
  [[nodiscard]] std::size_t count() const { return m_policies.size(); }
  /// Why there are no files; "" where there are, or none are wanted.
  [[nodiscard]] const std::string& problem() const { return m_problem; }

 private:
  struct Place {
    KeptPolicy kept;
    std::list<const std::string*>::iterator used;
  };
  void remember(const std::string& domain, KeptPolicy kept);
  [[nodiscard]] std::optional<KeptPolicy> read(const std::string& domain) const;
  void write(const std::string& domain, const KeptPolicy& kept);
  void look_through_directory(std::int64_t now);

  const std::string m_directory;
  const std::size_t m_most;
  std::string m_problem;
  std::size_t m_files = 0;
  std::unordered_map<std::string, Place> m_policies;
  std::list<const std::string*> m_used;  // keys of m_policies, the last used first
};

}  // namespace danelaw::policyd
