#include "fleet.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <ctime>
#include <mutex>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "failure.hpp"
#include "fleet_entry.hpp"
#include "log.hpp"
#include "redis_client.hpp"

namespace danelaw::policyd {
namespace {

/// What the resolver's thread has for the event loop; past it the resolver goes on alone.
constexpr std::size_t most_errands = 1024;
constexpr unsigned spare_milliseconds = 10;  // so that the loop says first that the store is away

using Count = std::atomic<std::uint64_t>;

/// Of both threads.
struct Counters {
  Count hits{0}, misses{0}, away{0}, malformed{0}, forged{0}, ended{0}, too_long{0}, unproven{0}, refused{0},
      kept{0};
};

/// A fetch where there is a request, else something to keep.
struct Errand {
  danelaw_proof_request* request = nullptr;
  std::string name;
  std::string entry;
  std::int64_t expiry = 0;
};

void finish(danelaw_proof_request* request, std::string_view proof) {
  danelaw_proof_request_finish(request, reinterpret_cast<const std::uint8_t*>(proof.data()), proof.size());
}
void finish_without(danelaw_proof_request* request) { danelaw_proof_request_finish(request, nullptr, 0); }

class RedisFleet final : public Fleet {
 public:
  RedisFleet(EventLoop& loop, FleetSettings settings, std::shared_ptr<Counters> counters)
      : m_loop(loop),
        m_settings(std::move(settings)),
        m_counters(std::move(counters)),
        m_bell(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        m_client(loop, m_settings.redis, [this](const auto& why) { store_changed(why); }) {
    if (!m_bell.is_open() || !loop.watch(m_bell.get(), EPOLLIN, [this](std::uint32_t) { run_errands(); }))
      throw Failure(Exit::Undecided, "no descriptors are left");
  }

  ~RedisFleet() override {
    m_loop.forget(m_bell.get());
    for (const Errand& errand : m_errands)
      if (errand.request != nullptr) finish_without(errand.request);
  }

  danelaw_proof_store store() override {
    const auto patience = static_cast<unsigned>(m_settings.redis.timeout.count()) + spare_milliseconds;
    return {sizeof(danelaw_proof_store), this, fetch, keep, refuse, patience};
  }

  [[nodiscard]] const FleetSettings& settings() const override { return m_settings; }
  [[nodiscard]] const std::shared_ptr<Counters>& counters() const { return m_counters; }

  [[nodiscard]] FleetCounts counts() const override {
    const Counters& is = *m_counters;
    return {m_client.is_up(), is.hits,     is.misses,   is.away,    is.malformed, is.forged,
            is.ended,         is.too_long, is.unproven, is.refused, is.kept};
  }

 private:
  // In the resolver's thread.

  static void fetch(void* user, const char* name, danelaw_proof_request* request) {
    auto& self = *static_cast<RedisFleet*>(user);
    if (!self.m_is_away && self.hand_over({request, name, "", 0})) return;
    ++self.m_counters->away;
    finish_without(request);
  }
  static void keep(void* user, const char* name, const std::uint8_t* entry, std::size_t octets,
                   std::int64_t expiry) {
    auto& self = *static_cast<RedisFleet*>(user);
    if (self.m_is_away) return;
    self.hand_over({nullptr, name, std::string(reinterpret_cast<const char*>(entry), octets), expiry});
  }
  static void refuse(void* user, const char* /*name*/) {
    auto& self = *static_cast<RedisFleet*>(user);
    ++self.m_counters->unproven;
  }

  bool hand_over(Errand errand) {
    {
      const std::lock_guard lock(m_mutex);
      if (m_errands.size() >= most_errands) return false;
      m_errands.push_back(std::move(errand));
    }
    eventfd_write(m_bell.get(), 1);
    return true;
  }

  // In the loop.

  void run_errands() {
    eventfd_t rung = 0;
    eventfd_read(m_bell.get(), &rung);
    std::vector<Errand> errands;
    {
      const std::lock_guard lock(m_mutex);
      errands.swap(m_errands);
    }
    for (const Errand& errand : errands) errand.request != nullptr ? look(errand) : put(errand);
  }

  [[nodiscard]] std::string place_of(const std::string& name) const { return m_settings.prefix + name; }

  void look(const Errand& errand) {
    const std::string place = place_of(errand.name);
    m_client.send(
        redis_command({"GET", place}),
        [this, place, request = errand.request](const RedisReply* reply) { take(place, request, reply); });
  }

  void take(const std::string& place, danelaw_proof_request* request, const RedisReply* reply) {
    if (reply == nullptr || reply->kind != RedisReply::Kind::Text) {
      ++counter_for(reply);
      return finish_without(request);
    }
    const auto opened = opened_entry(*m_settings.keys, place, reply->text, std::time(nullptr));
    if (const auto* const proof = std::get_if<std::string>(&opened)) {
      ++m_counters->hits;
      return finish(request, *proof);
    }
    reject(std::get<Unopened>(opened));
    finish_without(request);
  }

  Count& counter_for(const RedisReply* reply) {
    if (reply == nullptr) return m_counters->away;
    if (reply->kind == RedisReply::Kind::Nothing) return m_counters->misses;
    const bool is_other_type = reply->text.starts_with("WRONGTYPE");
    const bool is_refusal = reply->kind == RedisReply::Kind::Error && !is_other_type;
    return is_refusal ? m_counters->refused : m_counters->malformed;
  }

  void reject(Unopened why) {
    switch (why) {
      case Unopened::Malformed:
        ++m_counters->malformed;
        return;
      case Unopened::Forged:
        ++m_counters->forged;
        return warn_of_forgeries();
      case Unopened::Ended:
        ++m_counters->ended;
        return;
      case Unopened::TooLong:
        ++m_counters->too_long;
        return;
    }
  }

  void warn_of_forgeries() {
    if (std::exchange(m_has_warned, true)) return;
    say(
        fmt::format("the fleet's store {} has an entry that no key of fleet_key has sealed; such entries are "
                    "not used, and from now on only counted",
                    to_string(m_settings.redis.endpoint)));
  }

  /// The store itself drops the entry when it ends, by its own clock.
  void put(const Errand& errand) {
    const std::int64_t seconds = errand.expiry - std::time(nullptr);
    if (seconds <= 0 || seconds > longest_entry_seconds) return;
    const std::string place = place_of(errand.name);
    const std::string entry = sealed_entry(*m_settings.keys, place, errand.entry, errand.expiry);
    m_client.send(redis_command({"SET", place, entry, "EX", std::to_string(seconds)}),
                  [this](const RedisReply* reply) {
                    if (reply == nullptr) return;
                    const bool is_done = reply->kind == RedisReply::Kind::Status;
                    ++(is_done ? m_counters->kept : m_counters->refused);
                  });
  }

  void store_changed(const std::optional<std::string>& why) {
    m_is_away = why.has_value();
    const std::string where = to_string(m_settings.redis.endpoint);
    say(why ? fmt::format("the fleet's store {} is away: {}; going on without it", where, *why)
            : fmt::format("the fleet's store {} is back", where));
  }

  EventLoop& m_loop;
  const FleetSettings m_settings;
  const std::shared_ptr<Counters> m_counters;
  std::atomic<bool> m_is_away{false};
  bool m_has_warned = false;
  std::mutex m_mutex;
  std::vector<Errand> m_errands;
  const Descriptor m_bell;
  RedisClient m_client;  // the first to go: whoever waits is told that there is nothing
};

}  // namespace

bool fleet_is_built() { return true; }

std::shared_ptr<Fleet> fleet_for(EventLoop& loop, const FleetSettings& settings,
                                 const std::shared_ptr<Fleet>& before) {
  if (!settings.enabled) return nullptr;
  if (before && before->settings() == settings) return before;
  const auto old = std::static_pointer_cast<RedisFleet>(before);
  return std::make_shared<RedisFleet>(loop, settings, old ? old->counters() : std::make_shared<Counters>());
}

}  // namespace danelaw::policyd
