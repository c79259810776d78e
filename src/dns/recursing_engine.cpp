#include "dns/recursing_engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "dns/getdns_context.hpp"
#include "dns/reply.hpp"

namespace danelaw::dns {
namespace {

using tlsa::LookupFault;

/// How often an insecure answer is asked for again until it is confirmed.
constexpr int max_confirmations = 5;

ValidationStatus status_of(const getdns_dict* response) {
  std::uint32_t status = GETDNS_DNSSEC_BOGUS;
  if (getdns_dict_get_int(response, "/replies_tree/0/dnssec_status", &status) != GETDNS_RETURN_GOOD)
    return ValidationStatus::Bogus;
  if (status == GETDNS_DNSSEC_SECURE) return ValidationStatus::Secure;
  if (status == GETDNS_DNSSEC_INSECURE) return ValidationStatus::Insecure;
  if (status == GETDNS_DNSSEC_INDETERMINATE) return ValidationStatus::Indeterminate;
  return ValidationStatus::Bogus;
}

/// The whole message; empty where there is none.
Bytes message_of(const getdns_dict* response) {
  getdns_bindata* message = nullptr;
  if (getdns_dict_get_bindata(response, "/replies_full/0", &message) != GETDNS_RETURN_GOOD) return {};
  return {message->data, message->size};
}

class RecursingEngine final : public Engine {
 public:
  RecursingEngine(EventLoop& loop, const RecursingSettings& settings, FailedAnswer& failure)
      : m_loop(loop), m_clock(settings.clock), m_getdns(loop), m_extensions(getdns_dict_create()) {
    getdns_dict_set_int(m_extensions.get(), "dnssec_return_all_statuses", GETDNS_EXTENSION_TRUE);
    m_context = recursing_context(settings, m_getdns, failure);
  }

  ~RecursingEngine() override {
    for (auto& [ticket, flight] : m_flights) withdraw(*flight);
  }

  [[nodiscard]] bool usable() const { return m_context != nullptr && m_extensions != nullptr; }

  Ticket ask(const Question& question, Done done) override {
    const Ticket ticket = m_next++;
    auto& flight = m_flights[ticket];
    flight = std::make_unique<Flight>(*this, ticket, question, std::move(done));
    if (can_be_asked(question.type))
      submit(*flight);
    else
      finish(*flight, FailedAnswer{LookupFault::Internal, "records of this type cannot be asked for"});
    return ticket;
  }

  void cancel(Ticket ticket) override {
    const auto flight = m_flights.find(ticket);
    if (flight == m_flights.end()) return;
    withdraw(*flight->second);
    m_flights.erase(flight);
  }

 private:
  struct Flight {
    Flight(RecursingEngine& the_engine, Ticket the_ticket, Question the_question, Done the_done)
        : engine(the_engine),
          ticket(the_ticket),
          question(std::move(the_question)),
          done(std::move(the_done)) {}
    RecursingEngine& engine;
    Ticket ticket;
    Question question;
    Done done;
    bool replied = false;                             // to the latest submission
    std::uint64_t submitted_at = 0;                   // the loop's arrivals() then
    std::optional<getdns_transaction_t> transaction;  // while getdns knows of it
    int confirmations = 0;
  };

  void submit(Flight& flight) {
    const std::string name = flight.question.name.is_root() ? "." : flight.question.name.to_text() + ".";
    getdns_transaction_t transaction = 0;
    flight.replied = false;
    flight.submitted_at = m_getdns.arrivals();
    const getdns_return_t result = start(flight, name, &transaction);
    if (flight.replied) return;
    if (result == GETDNS_RETURN_GOOD)
      flight.transaction = transaction;
    else
      finish(flight, FailedAnswer{LookupFault::Internal, "getdns does not take the question"});
  }

  getdns_return_t start(Flight& flight, const std::string& name, getdns_transaction_t* transaction) {
    // The first question finishes libunbound's set-up.
    const auto lock = m_started ? std::unique_lock<std::mutex>() : lock_getdns_setup();
    m_started = true;
    return getdns_general(m_context.get(), name.c_str(), static_cast<std::uint16_t>(flight.question.type),
                          m_extensions.get(), &flight, transaction, on_reply);
  }

  static void on_reply(getdns_context*, getdns_callback_type_t type, getdns_dict* response, void* user,
                       getdns_transaction_t) {
    const GetdnsDict owned(response);
    // No exception may cross getdns's frames; a question whose answer is lost for want of memory ends by its deadline.
    try {
      take_reply(type, response, *static_cast<Flight*>(user));
    } catch (...) {
    }
  }

  static void take_reply(getdns_callback_type_t type, const getdns_dict* response, Flight& flight) {
    flight.replied = true;
    flight.transaction.reset();
    if (type == GETDNS_CALLBACK_CANCEL) return;
    if (type == GETDNS_CALLBACK_TIMEOUT)
      flight.engine.finish(flight, FailedAnswer{LookupFault::Timeout, "no answer in time"});
    else if (type != GETDNS_CALLBACK_COMPLETE || response == nullptr)
      flight.engine.finish(flight, no_usable_answer());
    else
      flight.engine.receive(flight, response);
  }

  void receive(Flight& flight, const getdns_dict* response) {
    const ValidationStatus status = status_of(response);
    const Bytes message = message_of(response);
    if (status != ValidationStatus::Insecure)
      return finish(flight, judge_reply(flight.question, status, message, m_clock()));

    // WARNING: where a lookup fails, this status comes with whatever the resolver's buffer held last, which may be
    // anything that somebody sent. A new question marks the buffer as no response, so an insecure answer counts only
    // where nothing was received between its question and itself: not even for another question, because all of them
    // share the buffer. Asked for again at once, from here, the resolver gives the same answer from memory, or fails
    // again and shows the mark.
    if (!responds_to(flight.question, message)) return finish(flight, no_usable_answer());
    if (flight.submitted_at == m_getdns.arrivals())
      return finish(flight, judge_reply(flight.question, status, message, m_clock()));
    if (flight.confirmations == max_confirmations) return finish(flight, no_usable_answer());
    ++flight.confirmations;
    submit(flight);
  }

  static FailedAnswer no_usable_answer() {
    return FailedAnswer{LookupFault::ServerFailure, "no server gave a usable answer"};
  }

  /// Answers are handed over from the loop, never from within getdns, so that whoever takes them may ask and cancel.
  void finish(const Flight& flight, Answer answer) {
    later([ticket = flight.ticket, answer = std::move(answer)](RecursingEngine& engine) {
      engine.deliver(ticket, answer);
    });
  }

  void deliver(Ticket ticket, const Answer& answer) {
    const auto flight = m_flights.find(ticket);
    if (flight == m_flights.end()) return;
    const Done done = std::move(flight->second->done);
    m_flights.erase(flight);
    done(answer);
  }

  void withdraw(Flight& flight) {
    if (flight.transaction) getdns_cancel_callback(m_context.get(), *flight.transaction);
  }

  /// Runs `action` from the loop unless this engine is gone by then.
  void later(std::function<void(RecursingEngine&)> action) {
    m_loop.defer([alive = std::weak_ptr(m_alive), action = std::move(action)] {
      if (const auto engine = alive.lock()) action(**engine);
    });
  }

  EventLoop& m_loop;
  WallClock m_clock;
  GetdnsLoop m_getdns;
  GetdnsDict m_extensions;
  GetdnsContext m_context;  // after the loop it lives in
  bool m_started = false;
  Ticket m_next = 1;
  std::map<Ticket, std::unique_ptr<Flight>> m_flights;
  const std::shared_ptr<RecursingEngine*> m_alive = std::make_shared<RecursingEngine*>(this);
};

}  // namespace

EngineFactory recursing_engine(RecursingSettings settings) {
  return [settings = std::move(settings)](EventLoop& loop, FailedAnswer& failure) -> std::unique_ptr<Engine> {
    auto engine = std::make_unique<RecursingEngine>(loop, settings, failure);
    if (!engine->usable()) return nullptr;
    return engine;
  };
}

}  // namespace danelaw::dns
