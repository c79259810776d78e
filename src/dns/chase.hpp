// One question on its way to a verdict: which records it has, which were asked for, what to ask next. No I/O: the stub engine
// asks, and hands over what comes.
//
// With the question goes a guess (guess.hpp). Replies may suggest more: the zones that signed them, the ends of aliases. Those
// questions go out at once, but a judgement waits for them only where it turns out to need them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "dns/answer.hpp"
#include "dns/guess.hpp"
#include "dns/relay.hpp"
#include "dnssec/judge.hpp"

namespace danelaw::dns {

/// What one lookup may cost at most; past it the answer is LookupFault::Limit. A plain one takes six questions and one round.
inline constexpr std::size_t max_questions_per_lookup = 96;
inline constexpr std::size_t max_rounds_per_lookup = 16;
/// Records of all its replies together.
inline constexpr std::size_t max_records_per_lookup = 8192;
/// Names in one reply that lead to further guesses.
inline constexpr std::size_t max_guesses_per_reply = 8;

/// Whether answers carry what proves them, and how they came about. That is looked for anew in each lookup, with nothing known
/// from others.
enum class Proofs { Forget, Keep, KeepAndTrace };

class Chase final {
 public:
  explicit Chase(Question question, Proofs proofs = Proofs::Forget)
      : m_question(std::move(question)), m_proofs(proofs) {}

  /// What to ask first.
  [[nodiscard]] std::vector<Question> begin(const Ground& ground);
  /// What to ask at once in the light of this.
  [[nodiscard]] std::vector<Question> take(const Question& question,
                                           const std::shared_ptr<const Fetched>& fetched,
                                           const Ground& ground);

  /// A judgement makes sense now.
  [[nodiscard]] bool is_ready() const;
  /// All is there but guesses.
  [[nodiscard]] bool waits_for_guesses() const;
  /// From now on what is only guessed is not waited for.
  void lose_patience() { m_patient = false; }

  /// The answer, or what to ask next; nothing to ask means that what is on its way is needed after all.
  using Step = std::variant<Answer, std::vector<Question>>;
  [[nodiscard]] Step judge(const Ground& ground, dnssec::Known& learned);

  /// Of what came so far; null unless proofs are traced.
  [[nodiscard]] SharedTrace trace(const Ground& ground) const;

  /// All that came, once there is an answer; nothing is left here.
  [[nodiscard]] std::vector<dnssec::ResourceRecord> release_records() { return std::move(m_records); }

  /// A resolver none of whose replies had a signature, where that can be why judge() gave a failure.
  [[nodiscard]] std::optional<std::size_t> stripping_resolver() const;
  /// The one that gave all replies, where it was one.
  [[nodiscard]] std::optional<std::size_t> only_resolver() const;

 private:
  enum class Want { Needed, Awaited, Idle };  ///< Idle: guessed from a reply, not waited for
  struct Asked {
    Want want = Want::Needed;
    std::shared_ptr<const Fetched> fetched = {};
  };

  void put(std::vector<Question>& out, const Question& question, Want want);
  void put_all(std::vector<Question>& out, const std::vector<Question>& questions, Want want);
  [[nodiscard]] bool is_open(Want want) const;
  [[nodiscard]] const Fetched* reply_to_question() const;
  Step decide(const Ground& ground, dnssec::Known& learned);
  Step step_for(const dnssec::Missing& missing, const Ground& ground);
  [[nodiscard]] bool is_settled(const dnssec::Insecure& insecure) const;
  [[nodiscard]] bool promote_open(const std::vector<Question>& questions);
  [[nodiscard]] FailedAnswer exhausted(const dnssec::Missing& missing);

  Question m_question;
  Proofs m_proofs;
  std::map<Question, Asked> m_asked;
  std::vector<dnssec::ResourceRecord> m_records;
  std::map<std::size_t, bool> m_signatures_seen;  // by resolver
  std::size_t m_rounds = 0;
  bool m_patient = true;
  bool m_wait_for_all = false;
  bool m_unproven = false;  // the last verdict lacked signatures or records
  bool m_past_limit = false;
};

}  // namespace danelaw::dns
