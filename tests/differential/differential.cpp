// differential [--seed N] [--cases N] [--verbose]: random zones and questions, judged by the stub engine and by libunbound,
// first as they are and then tampered with on the way. Of the zones that a seed makes, some questions are asked, each a case of
// its own, with empty caches; the next ones are about the zones of the next seed.
//
// As they are, both must agree, or differ as known_difference() says. Tampered with, the stub engine must say what is true or
// fail, whatever libunbound says; how often they differ is counted. The last line is "N passed, N failed".
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "excuses.hpp"
#include "other_opinion.hpp"
#include "our_opinion.hpp"
#include "scripted_server.hpp"
#include "served.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace differential;

namespace {

struct Arguments {
  std::uint64_t seed = 1;
  std::uint64_t cases = 1000;
  bool verbose = false;
};

Arguments parsed(int count, char** values) {
  Arguments arguments;
  for (int at = 1; at < count; ++at) {
    const std::string_view word = values[at];
    const bool has_value = at + 1 < count;
    if (word == "--verbose") {
      arguments.verbose = true;
    } else if (word == "--seed" && has_value) {
      arguments.seed = std::strtoull(values[++at], nullptr, 10);
    } else if (word == "--cases" && has_value) {
      arguments.cases = std::strtoull(values[++at], nullptr, 10);
    } else {
      std::fputs("differential: --seed N, --cases N, --verbose\n", stderr);
      std::exit(2);
    }
  }
  return arguments;
}

/// The resolver that both ask; what it says is changed from case to case.
class Resolver final {
 public:
  using Reply = std::function<Served(const Question&)>;

  Resolver()
      : m_server([this](const Question& asked, const Buffer& query) {
          const std::lock_guard lock(m_mutex);
          return std::vector<Buffer>{reply_to(query, m_reply(asked))};
        }) {}
  void set(Reply reply) {
    const std::lock_guard lock(m_mutex);
    m_reply = std::move(reply);
  }
  [[nodiscard]] dns::ResolverAddress address() const { return m_server.address(); }

 private:
  std::mutex m_mutex;
  Reply m_reply;
  dns::test::ScriptedServer m_server;
};

bool fits_into_a_datagram(const Case& one) {
  constexpr std::size_t payload = 1232;  // what the stub engine asks for
  Buffer query(12, 0);
  lab::put(query, one.asked.name.wire());
  lab::put_u32(query, 0);
  return reply_to(query, honest_reply(one, one.asked)).size() <= payload;
}

class Comparison final {
 public:
  explicit Comparison(const Arguments& arguments) : m_arguments(arguments) {}

  void run() {
    constexpr std::uint64_t questions_per_world = 8;  // zones are dear to sign
    std::uint64_t seed = m_arguments.seed;
    for (std::uint64_t left = m_arguments.cases; left > 0; ++seed) {
      const lab::World world = random_world(seed);
      const auto questions = random_questions(seed, std::min(left, questions_per_world));
      for (const Question& asked : questions) compare(seed, {world, asked});
      left -= questions.size();
    }
  }

  [[nodiscard]] int report() const {
    for (const auto& [what, count] : m_counts)
      std::printf("%6llu  %s\n", static_cast<unsigned long long>(count), what.c_str());
    std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(m_passed),
                static_cast<unsigned long long>(m_failed));
    return m_failed == 0 && m_passed > 0 ? 0 : 1;
  }

 private:
  void compare(std::uint64_t seed, const Case& one) {
    if (!fits_into_a_datagram(one)) return count("left out: longer than a datagram");
    m_resolver.set([&one](const Question& asked) { return honest_reply(one, asked); });
    const Opinion truth = ours(one);
    const Opinion theirs = theirs_about(one);
    const std::string known = truth == theirs ? "" : known_difference(one, truth, theirs);
    count("as it is, " + std::string(to_string(truth.word)) +
          (truth == theirs ? ""
                           : " and they say " + std::string(to_string(theirs.word)) + ": " +
                                 (known.empty() ? "?" : known)));
    const bool agreed = truth == theirs || !known.empty();
    note(agreed, seed, one, "as it is", truth, theirs);

    m_resolver.set([&one, seed](const Question& asked) { return tampered_reply(one, asked, seed); });
    const Opinion tampered = ours(one);
    const Opinion theirs_tampered = theirs_about(one);
    const bool safe = tampered == truth || tampered.word == Word::Failed ||
                      (tampered.word == Word::Insecure && can_be_made_insecure(one));
    count(
        "tampered with, " + std::string(to_string(tampered.word)) +
        (tampered == theirs_tampered ? "" : " and they say " + std::string(to_string(theirs_tampered.word))));
    note(safe, seed, one, "tampered with, and truth is " + std::string(to_string(truth.word)), tampered,
         theirs_tampered);
    m_resolver.set([](const Question&) { return Served{}; });
  }

  Opinion ours(const Case& one) const {
    return our_opinion(one.asked, one.world.anchors(), m_resolver.address());
  }
  Opinion theirs_about(const Case& one) const {
    return m_other.about(one.asked, one.world.anchors().front().rdata, m_resolver.address().port);
  }

  void count(const std::string& what) { ++m_counts[what]; }

  void note(bool good, std::uint64_t seed, const Case& one, const std::string& what, const Opinion& ours,
            const Opinion& theirs) {
    ++(good ? m_passed : m_failed);
    if (good && (ours == theirs || !m_arguments.verbose)) return;
    std::printf("%s  seed %llu, %s: %s\n      we: %s (%s); they: %s (%s)\n", good ? "ok  " : "FAIL",
                static_cast<unsigned long long>(seed), what.c_str(), description(one).c_str(),
                to_string(ours.word), ours.why.c_str(), to_string(theirs.word), theirs.why.c_str());
  }

  const Arguments m_arguments;
  OtherOpinion m_other;
  Resolver m_resolver;
  std::map<std::string, std::uint64_t> m_counts;
  std::uint64_t m_passed = 0;
  std::uint64_t m_failed = 0;
};

}  // namespace

int main(int count, char** values) {
  try {
    Comparison comparison(parsed(count, values));
    comparison.run();
    return comparison.report();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "differential: %s\n", error.what());
    return 1;
  }
}
