#include "dns/stub_engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "dns/anchor_keeper.hpp"
#include "dns/chase.hpp"
#include "dns/known_zones.hpp"
#include "dns/proof_keeper.hpp"
#include "dns/relay.hpp"

namespace danelaw::dns {
namespace {

using tlsa::LookupFault;

/// What another resolver may do better.
bool may_be_the_resolvers_fault(const FailedAnswer& failure) {
  return failure.fault == LookupFault::Bogus || failure.fault == LookupFault::Indeterminate ||
         failure.fault == LookupFault::Limit || failure.fault == LookupFault::Contradiction;
}

class StubEngine final : public Engine {
 public:
  StubEngine(EventLoop& loop, const StubSettings& settings)
      : m_loop(loop), m_settings(settings), m_anchors(settings.anchors), m_system(settings.resolv_conf) {
    if (!settings.resolvers.empty()) m_relay = relay_to(settings.resolvers);
    if (!settings.stores.empty())
      m_keeper.emplace(loop, settings.stores, settings.most_patience, settings.clock);
    follow_anchors();
    use_anchors();
  }

  ~StubEngine() override {
    for (auto& [ticket, lookup] : m_lookups) stop_timers(lookup);
    if (m_keeper) m_keeper->write_rest();
  }

  Ticket ask(const Question& question, Done done) override {
    const Ticket ticket = m_next++;
    look_at_system();
    look_after_anchors();
    m_lookups.try_emplace(ticket, question, std::move(done), m_settings.proofs);
    if (!can_be_asked(question.type))
      fail(ticket, {LookupFault::Internal, "records of this type cannot be asked for"});
    else if (m_keeper)
      look_in_stores(ticket, question);
    else
      begin(ticket);
    return ticket;
  }

  void cancel(Ticket ticket) override {
    auto lookup = m_lookups.extract(ticket);
    if (!lookup.empty()) withdraw(lookup.mapped());
    write_when_idle();
  }

  /// A proof that failed weighs more than the silence of those that were asked after it.
  [[nodiscard]] std::optional<FailedAnswer> failure_so_far(Ticket ticket) const override {
    const auto found = m_lookups.find(ticket);
    if (found == m_lookups.end()) return std::nullopt;
    const Lookup& lookup = found->second;
    if (lookup.give_up_others != Deadline{}) return verdict_of(lookup);
    const SharedTrace trace = lookup.chase.trace(ground());
    for (const auto& [question, asked] : lookup.open) {
      auto failure = lookup.relay->failure_so_far(asked);
      if (failure) return FailedAnswer{failure->fault, failure->reason, trace};
    }
    if (trace == nullptr) return std::nullopt;
    return FailedAnswer{LookupFault::Timeout, "", trace};
  }

 private:
  struct Lookup {
    Lookup(Question the_question, Done the_done, Proofs proofs)
        : question(std::move(the_question)), done(std::move(the_done)), chase(question, proofs) {}
    Question question;
    Done done;
    Chase chase;
    ProofFinder::Id search = 0;  // in the stores, before anything is asked
    std::map<Question, Relay::Ticket> open = {};
    EventLoop::TimerId patience = 0;
    bool judgement_is_due = false;
    std::shared_ptr<Relay> relay = {};
    OnlyResolver only = {};            // whom this attempt asks; at first whoever is there
    std::set<std::size_t> tried = {};  // resolvers with which the proof failed
    std::optional<FailedAnswer> failure = {};
    Deadline give_up_others{};
    EventLoop::TimerId others = 0;
    SharedTrace trace = {};                            // of the first attempt that failed
    std::map<std::size_t, std::string> stripped = {};  // resolvers that did not pass DNSSEC records, by name
  };

  [[nodiscard]] Ground ground() const { return {m_anchors, m_known.known(), m_settings.clock()}; }

  [[nodiscard]] std::shared_ptr<Relay> relay_to(const std::vector<ResolverAddress>& resolvers) {
    RelaySettings made;
    made.resolvers = resolvers;
    made.tls_ca_file = m_settings.tls_ca_file;
    made.first_patience = m_settings.first_patience;
    return std::make_shared<Relay>(m_loop, std::move(made));
  }

  /// Lookups that are on their way stay with whom they asked.
  void look_at_system() {
    if (!m_settings.resolvers.empty() || !m_system.look()) return;
    m_relay = m_system.resolvers().ok() ? relay_to(*m_system.resolvers()) : nullptr;
  }

  void fail(Ticket ticket, FailedAnswer failure) {
    later([ticket, failure = std::move(failure)](StubEngine& engine) { engine.deliver(ticket, failure); });
  }

  void send(Ticket ticket, Lookup& lookup, const std::vector<Question>& questions) {
    for (const Question& question : questions)
      lookup.open[question] = lookup.relay->ask(
          question, lookup.only, [this, ticket, question](const std::shared_ptr<const Fetched>& fetched) {
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
    if (m_keeper) m_keeper->use_anchors(m_anchors);
  }

  /// RFC 5011 section 2.3: the active refresh. A process that asks nothing looks after nothing.
  void look_after_anchors() {
    if (!m_anchor_keeper || m_relay == nullptr || !m_anchor_keeper->is_due(m_settings.clock())) return;
    m_anchor_keeper->looked(m_settings.clock());
    m_relay->ask(
        {m_anchor_keeper->zone(), RrType::Dnskey}, OnlyResolver(),
        [this](const std::shared_ptr<const Fetched>& fetched) {
          const auto* const reply = std::get_if<Reply>(fetched.get());
          if (reply == nullptr || !m_anchor_keeper->feed(reply->message.answer(), m_settings.clock())) return;
          m_anchors = m_anchor_keeper->anchors();
          use_anchors();
        });
  }

  void look_in_stores(Ticket ticket, const Question& question) {
    const auto search = m_keeper->find(question, [this, ticket](const std::optional<Answer>& answer) {
      if (answer)
        deliver(ticket, *answer);
      else  // what is found next may make this one needless
        later([ticket](StubEngine& engine) { engine.begin(ticket); });
    });
    const auto found = m_lookups.find(ticket);  // it may have been answered at once
    if (found != m_lookups.end()) found->second.search = search;
  }

  void begin(Ticket ticket) {
    const auto found = m_lookups.find(ticket);
    if (found == m_lookups.end()) return;
    if (m_relay == nullptr)
      return fail(ticket, {LookupFault::Unreachable, m_system.resolvers().problem().text});
    found->second.relay = m_relay;
    send(ticket, found->second, found->second.chase.begin(ground()));
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
    if (!lookup.chase.is_ready()) return;  // it has been started over since
    dnssec::Known learned;
    const auto step = lookup.chase.judge(ground(), learned);
    if (m_settings.proofs == Proofs::Forget) m_known.learn(std::move(learned), m_settings.clock());
    if (const auto* const questions = std::get_if<std::vector<Question>>(&step)) {
      send(ticket, lookup, *questions);
      return consider(ticket, lookup);
    }
    const Answer& answer = std::get<Answer>(step);
    const auto* const failure = std::get_if<FailedAnswer>(&answer);
    if (failure != nullptr) return failed(ticket, lookup, *failure);
    if (m_keeper) m_keeper->take(lookup.question, answer, lookup.chase.release_records(), m_settings.clock());
    deliver(ticket, answer);
  }

  /// The proof failed with whom it was tried. One resolver that is poisoned or stale must not deny what another can prove.
  void failed(Ticket ticket, Lookup& lookup, const FailedAnswer& failure) {
    const auto now = std::chrono::steady_clock::now();
    if (lookup.trace == nullptr) lookup.trace = failure.trace;
    if (const auto stripping = lookup.chase.stripping_resolver()) {
      lookup.stripped.emplace(*stripping, lookup.relay->name_of(*stripping));
      lookup.relay->shun(*stripping);
    } else if (!lookup.failure || failure.fault == LookupFault::Bogus) {
      lookup.failure = failure;
    }
    const bool first_time = lookup.give_up_others == Deadline{};
    if (first_time && !may_be_the_resolvers_fault(failure)) return deliver(ticket, failure);
    if (first_time) lookup.give_up_others = now + m_settings.patience_for_others;
    const auto tried = lookup.only ? lookup.only : lookup.chase.only_resolver();
    if (tried) lookup.tried.insert(*tried);
    lookup.only = next_of(lookup);
    if (!lookup.only || now >= lookup.give_up_others) return deliver(ticket, verdict_of(lookup));
    start_over(ticket, lookup);
  }

  static OnlyResolver next_of(const Lookup& lookup) {
    for (std::size_t resolver = 0; resolver < lookup.relay->count(); ++resolver)
      if (!lookup.tried.contains(resolver)) return resolver;
    return std::nullopt;
  }

  /// Asks `lookup.only` alone, for its share of the time that is left.
  void start_over(Ticket ticket, Lookup& lookup) {
    withdraw(lookup);
    lookup.chase = Chase(lookup.question, m_settings.proofs);
    const auto now = std::chrono::steady_clock::now();
    const auto others = static_cast<long>(lookup.relay->count() - lookup.tried.size());
    lookup.others = m_loop.call_at(now + (lookup.give_up_others - now) / others, [this, ticket] {
      const auto found = m_lookups.find(ticket);
      if (found == m_lookups.end()) return;
      found->second.others = 0;
      failed(ticket, found->second, {LookupFault::Timeout, "no answer from another resolver"});
    });
    send(ticket, lookup, lookup.chase.begin(ground()));
  }

  /// What somebody proved bogus who does pass DNSSEC records weighs most.
  static FailedAnswer verdict_of(const Lookup& lookup) {
    const bool bogus = lookup.failure && lookup.failure->fault == LookupFault::Bogus;
    if (lookup.stripped.empty() || bogus) return *lookup.failure;
    std::string reason;
    for (const auto& [resolver, name] : lookup.stripped)
      reason +=
          (reason.empty() ? "the resolver " : "; the resolver ") + name + " does not pass DNSSEC records";
    return {LookupFault::Indeterminate, reason, lookup.trace};
  }

  void deliver(Ticket ticket, const Answer& answer) {
    auto lookup = m_lookups.extract(ticket);
    if (lookup.empty()) return;
    withdraw(lookup.mapped());
    lookup.mapped().done(answer);
    write_when_idle();
  }

  /// One at a time, while nobody waits for an answer, or where somebody always does.
  void write_when_idle() {
    if (!may_write()) return;
    later([](StubEngine& engine) {
      if (engine.may_write()) engine.m_keeper->write_next();
      engine.write_when_idle();
    });
  }

  [[nodiscard]] bool may_write() const {
    return m_keeper && m_keeper->has_work() && (m_lookups.empty() || m_keeper->is_pressed());
  }

  void withdraw(Lookup& lookup) {
    if (m_keeper) m_keeper->cancel(std::exchange(lookup.search, 0));
    for (const auto& [question, ticket] : std::exchange(lookup.open, {})) lookup.relay->cancel(ticket);
    stop_timers(lookup);
  }

  void stop_timers(Lookup& lookup) {
    m_loop.cancel(std::exchange(lookup.patience, 0));
    m_loop.cancel(std::exchange(lookup.others, 0));
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
  std::optional<ProofKeeper> m_keeper;  // where there is a store
  SystemResolvers m_system;
  Ticket m_next = 1;
  std::shared_ptr<Relay> m_relay;  // null: no resolver is known
  std::map<Ticket, Lookup> m_lookups;
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
