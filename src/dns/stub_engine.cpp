#include "dns/stub_engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "dns/anchor_keeper.hpp"
#include "dns/chase.hpp"
#include "dns/known_zones.hpp"
#include "dns/proof_keeper.hpp"
#include "dns/relay.hpp"

namespace danelaw::dns {
namespace {

using tlsa::LookupFault;

RelaySettings relay_settings(const StubSettings& settings) {
  RelaySettings made;
  made.resolvers =
      settings.resolvers.empty() ? resolvers_of_system(settings.resolv_conf) : settings.resolvers;
  made.first_patience = settings.first_patience;
  return made;
}

class StubEngine final : public Engine {
 public:
  StubEngine(EventLoop& loop, const StubSettings& settings)
      : m_loop(loop),
        m_settings(settings),
        m_anchors(settings.anchors),
        m_relay(loop, relay_settings(settings)) {
    follow_anchors();
    use_anchors();
  }

  ~StubEngine() override {
    for (auto& [ticket, lookup] : m_lookups) m_loop.cancel(lookup.patience);
    if (m_keeper) m_keeper->write_rest();
  }

  Ticket ask(const Question& question, Done done) override {
    const Ticket ticket = m_next++;
    look_after_anchors();
    if (const auto kept = m_keeper ? m_keeper->find(question, m_settings.clock()) : std::nullopt) {
      done(*kept);
      return ticket;
    }
    Lookup& lookup =
        m_lookups.try_emplace(ticket, question, std::move(done), m_settings.proofs).first->second;
    // Where there is a cache, what is found in it next may make this needless.
    if (can_be_asked(question.type) && m_keeper)
      later([ticket](StubEngine& engine) { engine.begin(ticket); });
    else if (can_be_asked(question.type))
      send(ticket, lookup, lookup.chase.begin(ground()));
    else
      later([ticket](StubEngine& engine) {
        engine.deliver(ticket,
                       FailedAnswer{LookupFault::Internal, "records of this type cannot be asked for"});
      });
    return ticket;
  }

  void cancel(Ticket ticket) override {
    auto lookup = m_lookups.extract(ticket);
    if (!lookup.empty()) withdraw(lookup.mapped());
    write_when_idle();
  }

 private:
  struct Lookup {
    Lookup(Question the_question, Done the_done, Proofs proofs)
        : question(std::move(the_question)), done(std::move(the_done)), chase(question, proofs) {}
    Question question;
    Done done;
    Chase chase;
    std::map<Question, Relay::Ticket> open = {};
    EventLoop::TimerId patience = 0;
    bool judgement_is_due = false;
    std::map<std::size_t, std::string> stripped = {};  // resolvers that did not pass DNSSEC records, by name
  };

  [[nodiscard]] Ground ground() const { return {m_anchors, m_known.known(), m_settings.clock()}; }

  void send(Ticket ticket, Lookup& lookup, const std::vector<Question>& questions) {
    for (const Question& question : questions)
      lookup.open[question] =
          m_relay.ask(question, [this, ticket, question](const std::shared_ptr<const Fetched>& fetched) {
            fetched_for(ticket, question, fetched);
          });
  }

  /// What is wrong with the state's file was said when the resolver was made; since then somebody has broken it.
  void follow_anchors() {
    if (m_settings.anchor_state.empty()) return;
    auto opened = AnchorKeeper::open(m_settings.anchor_state, m_settings.anchors);
    if (!opened) return m_anchors.clear();
    m_anchor_keeper.emplace(std::move(*opened));
    m_anchors = m_anchor_keeper->anchors();
  }

  /// Whatever was learned was learned with other anchors.
  void use_anchors() {
    m_known = KnownZones();
    m_keeper.reset();
    if (!m_settings.cache_directory.empty()) m_keeper.emplace(m_settings.cache_directory, m_anchors);
  }

  /// RFC 5011 section 2.3: the active refresh. A process that asks nothing looks after nothing.
  void look_after_anchors() {
    if (!m_anchor_keeper || !m_anchor_keeper->is_due(m_settings.clock())) return;
    m_anchor_keeper->looked(m_settings.clock());
    m_relay.ask({m_anchor_keeper->zone(), RrType::Dnskey},
                [this](const std::shared_ptr<const Fetched>& fetched) {
                  const auto* const reply = std::get_if<Reply>(fetched.get());
                  if (reply == nullptr || !m_anchor_keeper->feed(reply->message.answer(), m_settings.clock()))
                    return;
                  m_anchors = m_anchor_keeper->anchors();
                  use_anchors();
                });
  }

  void begin(Ticket ticket) {
    const auto found = m_lookups.find(ticket);
    if (found != m_lookups.end()) send(ticket, found->second, found->second.chase.begin(ground()));
  }

  void fetched_for(Ticket ticket, const Question& question, const std::shared_ptr<const Fetched>& fetched) {
    const auto found = m_lookups.find(ticket);
    if (found == m_lookups.end()) return;
    Lookup& lookup = found->second;
    lookup.open.erase(question);
    if (m_keeper) m_keeper->note(question, fetched);
    send(ticket, lookup, lookup.chase.take(question, fetched, ground()));
    consider(ticket, lookup);
  }

  /// Judgements wait until all that has come together is there, for this lookup and for others: what one learns spares the next.
  void consider(Ticket ticket, Lookup& lookup) {
    if (lookup.chase.is_ready() && !lookup.judgement_is_due) {
      lookup.judgement_is_due = true;
      later([ticket](StubEngine& engine) { engine.judge(ticket); });
    }
    if (lookup.patience != 0 || !lookup.chase.waits_for_guesses()) return;
    const auto until = std::chrono::steady_clock::now() + m_settings.patience_for_guesses;
    lookup.patience = m_loop.call_at(until, [this, ticket] {
      const auto found = m_lookups.find(ticket);
      if (found == m_lookups.end()) return;
      found->second.chase.lose_patience();
      consider(ticket, found->second);
    });
  }

  void judge(Ticket ticket) {
    const auto found = m_lookups.find(ticket);
    if (found == m_lookups.end()) return;
    Lookup& lookup = found->second;
    lookup.judgement_is_due = false;
    dnssec::Known learned;
    const auto step = lookup.chase.judge(ground(), learned);
    if (m_settings.proofs == Proofs::Forget) m_known.learn(std::move(learned), m_settings.clock());
    if (const auto* const questions = std::get_if<std::vector<Question>>(&step)) {
      send(ticket, lookup, *questions);
      return consider(ticket, lookup);
    }
    const Answer& answer = std::get<Answer>(step);
    const auto stripping = lookup.chase.stripping_resolver();
    const bool failed = std::holds_alternative<FailedAnswer>(answer);
    if (!failed || !stripping) {
      if (m_keeper)
        m_keeper->take(lookup.question, answer, lookup.chase.release_records(), m_settings.clock());
      return deliver(ticket, answer);
    }
    const bool first_time = lookup.stripped.emplace(*stripping, m_relay.name_of(*stripping)).second;
    if (m_relay.shun(*stripping) && first_time) return start_over(ticket, lookup);
    std::string reason;
    for (const auto& [resolver, name] : lookup.stripped)
      reason +=
          (reason.empty() ? "the resolver " : "; the resolver ") + name + " does not pass DNSSEC records";
    deliver(ticket, FailedAnswer{LookupFault::Indeterminate, reason});
  }

  /// Another resolver may do better.
  void start_over(Ticket ticket, Lookup& lookup) {
    withdraw(lookup);
    lookup.chase = Chase(lookup.question, m_settings.proofs);
    send(ticket, lookup, lookup.chase.begin(ground()));
  }

  void deliver(Ticket ticket, const Answer& answer) {
    auto lookup = m_lookups.extract(ticket);
    if (lookup.empty()) return;
    withdraw(lookup.mapped());
    lookup.mapped().done(answer);
    write_when_idle();
  }

  /// One at a time, and only while nobody waits for an answer.
  void write_when_idle() {
    if (!m_keeper || !m_keeper->has_work() || !m_lookups.empty()) return;
    later([](StubEngine& engine) {
      if (engine.m_lookups.empty()) engine.m_keeper->write_next();
      engine.write_when_idle();
    });
  }

  void withdraw(Lookup& lookup) {
    for (const auto& [question, ticket] : std::exchange(lookup.open, {})) m_relay.cancel(ticket);
    m_loop.cancel(std::exchange(lookup.patience, 0));
  }

  /// Runs `action` from the loop unless this engine is gone by then.
  void later(std::function<void(StubEngine&)> action) {
    m_loop.defer([alive = std::weak_ptr(m_alive), action = std::move(action)] {
      if (const auto engine = alive.lock()) action(**engine);
    });
  }

  EventLoop& m_loop;
  const StubSettings m_settings;
  TrustAnchors m_anchors;
  std::optional<AnchorKeeper> m_anchor_keeper;  // where the anchors follow their zone
  KnownZones m_known;
  std::optional<ProofKeeper> m_keeper;  // where there is a file cache
  Ticket m_next = 1;
  std::map<Ticket, Lookup> m_lookups;
  Relay m_relay;
  const std::shared_ptr<StubEngine*> m_alive = std::make_shared<StubEngine*>(this);
};

}  // namespace

EngineFactory stub_engine(StubSettings settings) {
  return [settings = std::move(settings)](EventLoop& loop, FailedAnswer& failure) -> std::unique_ptr<Engine> {
    failure = {LookupFault::NoTrustAnchor, "no trust anchor is loaded"};
    if (settings.anchors.empty()) return nullptr;
    return std::make_unique<StubEngine>(loop, settings);
  };
}

}  // namespace danelaw::dns
