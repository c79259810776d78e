// Plans and chains for the verdict tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pki.hpp"
#include "verify/dane_engine.hpp"
#include "verify/plan.hpp"
#include "verify/plan_source.hpp"

namespace support {

using danelaw::tlsa::Record;
using danelaw::verify::Policy;
using danelaw::verify::SharedPlan;
using danelaw::verify::Verdict;

/// A root, an intermediate under it, a leaf for www.example, and a CA that has nothing to do with them.
struct Tree {
  pki::Identity root = pki::issue({.common_name = "root", .ca = true});
  pki::Identity intermediate = pki::issue({.common_name = "intermediate", .ca = true}, &root);
  pki::Identity leaf = pki::issue({.common_name = "leaf", .dns_names = {"www.example"}}, &intermediate);
  pki::Identity stranger = pki::issue({.common_name = "stranger", .ca = true});
  pki::Identity strangers_leaf =
      pki::issue({.common_name = "other leaf", .dns_names = {"www.example"}}, &stranger);
};
/// One for the whole run: keys take time.
const Tree& tree();

struct StoreFree {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using Store = std::unique_ptr<X509_STORE, StoreFree>;
Store store_of(const std::vector<const pki::Identity*>& trusted);

SharedPlan plan_with(const std::vector<Record>& records, const Policy& policy = {},
                     const std::vector<std::string>& names = {"www.example"});
SharedPlan plan_with_outcome(danelaw::verify::Evidence evidence, const Policy& policy);

Verdict judge(const std::vector<const pki::Identity*>& chain, const SharedPlan& plan,
              X509_STORE* store = nullptr, std::optional<danelaw::EpochSeconds> time = std::nullopt);

/// "authenticated (matched) depth 1", "rejected (no-match)" …: a verdict in a line, to compare.
std::string in_words(const Verdict& verdict);

}  // namespace support
