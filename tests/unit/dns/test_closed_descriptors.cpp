// A host that closes every descriptor it does not know, as daemons do, and goes on with its own under the same numbers.
// Each case happens in a forked child, whose descriptors are nobody else's.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "dns/event_loop.hpp"
#include "dns/promise.hpp"
#include "dns/resolver.hpp"
#include "sanitizers.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;

namespace {

constexpr int first_unknown = 3;
constexpr int first_free = 64;  // more than a case opens before it closes them all
constexpr auto long_enough = 20s;
constexpr auto soon_enough = 2s;  // far below the deadline, far above what a lookup takes here

Deadline in(std::chrono::milliseconds wait) { return std::chrono::steady_clock::now() + wait; }

bool readable(int descriptor) {
  pollfd polled{descriptor, POLLIN, 0};
  return poll(&polled, 1, 0) == 1;
}

void close_all() {
  for (int fd = first_unknown; fd < first_free; ++fd) close(fd);
}

/// The same file under a number that no case had for anything.
int high(int fd) {
  const int moved = fcntl(fd, F_DUPFD, first_free);
  close(fd);
  return moved;
}

/// What the host opens after it has closed all: it has every number that was ours, and must stay as it was made.
class Stranger {
 public:
  Stranger() = default;
  virtual ~Stranger() = default;
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  void take_all_numbers() {
    // Number by number at once, so that a thread which starts over meanwhile takes none of them for good.
    m_made = high(make());
    for (int fd = first_unknown; fd < first_free; ++fd) dup2(m_made, fd);
    arrange();
  }
  [[nodiscard]] bool is_intact() const {
    struct stat wanted {};
    fstat(m_made, &wanted);
    for (int fd = first_unknown; fd < first_free; ++fd) {
      struct stat got {};
      if (fstat(fd, &got) != 0 || got.st_ino != wanted.st_ino || got.st_dev != wanted.st_dev) return false;
    }
    return is_as_made(m_made);
  }

 protected:
  virtual int make() = 0;
  /// What remains to be done once all numbers are taken.
  virtual void arrange() {}
  [[nodiscard]] virtual bool is_as_made(int fd) const = 0;

 private:
  int m_made = -1;
};

class File final : public Stranger {
  int make() override { return open("/tmp", O_TMPFILE | O_RDWR, 0600); }
  [[nodiscard]] bool is_as_made(int fd) const override {
    return lseek(fd, 0, SEEK_CUR) == 0 && lseek(fd, 0, SEEK_END) == 0;
  }
};

class Counter final : public Stranger {
  int make() override { return eventfd(0, EFD_NONBLOCK); }
  [[nodiscard]] bool is_as_made(int fd) const override { return !readable(fd); }
};

class Timer final : public Stranger {
  static constexpr time_t far_away = 1000;
  int make() override {
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    itimerspec spec{};
    spec.it_value.tv_sec = far_away;
    timerfd_settime(fd, 0, &spec, nullptr);
    return fd;
  }
  [[nodiscard]] bool is_as_made(int fd) const override {
    itimerspec left{};
    return timerfd_gettime(fd, &left) == 0 && left.it_value.tv_sec > far_away / 2;
  }
};

/// It has the number of our own set, and watches the numbers that ours watched.
class EpollSet final : public Stranger {
  static constexpr int watched = first_unknown + 1;
  static constexpr int end = watched + 8;
  static constexpr std::uint64_t data = 4711;
  int make() override { return epoll_create1(0); }
  void arrange() override {
    const int ready = high(eventfd(1, EFD_NONBLOCK));
    for (int fd = watched; fd < end; ++fd) {
      epoll_event event{};
      event.events = EPOLLIN | EPOLLONESHOT;
      event.data.u64 = data;
      dup2(ready, fd);
      epoll_ctl(first_unknown, EPOLL_CTL_ADD, fd, &event);
    }
  }
  [[nodiscard]] bool is_as_made(int fd) const override {
    std::array<epoll_event, end> got{};
    if (epoll_wait(fd, got.data(), end, 0) != end - watched) return false;
    return std::all_of(got.begin(), got.begin() + (end - watched),
                       [](const epoll_event& event) { return event.data.u64 == data; });
  }
};

class Socket final : public Stranger {
  int make() override {
    std::array<int, 2> ends{};
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data());
    m_peer = high(ends[1]);
    if (write(m_peer, "for the host", 12) != 12) return -1;
    return ends[0];
  }
  [[nodiscard]] bool is_as_made(int fd) const override {
    std::array<char, 64> octets{};
    return !readable(m_peer) && read(fd, octets.data(), octets.size()) == 12;
  }
  int m_peer = -1;
};

bool child_says(const std::function<bool()>& in_child) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    close_all();
    _exit(in_child() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Each kind, in a child of its own.
void check_with_every_stranger(const std::function<bool(Stranger&)>& in_child) {
  File file;
  Counter counter;
  Timer timer;
  EpollSet epoll_set;
  Socket socket;
  const std::array<std::pair<const char*, Stranger*>, 5> kinds{{{"a file", &file},
                                                                {"an eventfd", &counter},
                                                                {"a timerfd", &timer},
                                                                {"an epoll set", &epoll_set},
                                                                {"a socket", &socket}}};
  for (const auto& [kind, stranger] : kinds) {
    const std::string what(kind);  // a structured binding cannot be captured by clang 14
    INFO(what);
    CHECK(child_says([&, taken = stranger] { return in_child(*taken); }));
  }
}

const Question a = question("www.example", RrType::A);
const Question aaaa = question("www.example", RrType::Aaaa);

std::shared_ptr<Script> two_answers() {
  auto script = std::make_shared<Script>();
  script->answers = {{a, secure("www.example")}, {aaaa, denied("www.example")}};
  return script;
}

std::shared_ptr<Resolver> make_resolver(const std::shared_ptr<Script>& script) {
  ResolverSettings made;
  made.engine = scripted(script);
  made.clock = [] { return the_time; };
  made.deadline = 10s;
  made.cache_entries = 0;
  return Resolver::create(made);
}

bool answered(const std::shared_ptr<Pending<Answer>>& lookup,
              std::chrono::milliseconds within = soon_enough) {
  const auto answer = lookup->wait(in(within));
  return answer && !std::holds_alternative<FailedAnswer>(*answer);
}

/// The thread then waits for the engine, if nothing else.
bool asked_and_at_rest(const Script& script) {
  const Deadline end = in(long_enough);
  while (script.asked == 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(50ms);
  return script.asked == 1;
}

bool ends_soon(std::shared_ptr<Resolver>& resolver) {
  const Deadline latest = in(soon_enough);
  resolver.reset();
  return std::chrono::steady_clock::now() < latest;
}

}  // namespace

TEST_SUITE("Descriptors that the host has closed: the event loop") {
  TEST_CASE("Nothing of a loop touches what has its numbers, and it says that it is broken") {
    check_with_every_stranger([](Stranger& stranger) {
      std::string problem;
      auto loop = EventLoop::create(problem);
      const int watched = eventfd(0, 0);
      const auto watch = loop->watch(watched, EPOLLIN, [](std::uint32_t) {});
      const auto timer = loop->call_at(in(1ms), [] {});
      if (!loop->is_ours()) return false;
      stranger.take_all_numbers();
      loop->wake();
      loop->defer([] {});
      loop->call_at(in(0ms), [] {});
      loop->cancel(timer);
      loop->unwatch(watch);
      bool broken = false;
      try {
        loop->run_once(0ms);
      } catch (const LoopIsBroken&) {
        broken = true;
      }
      const bool noticed = broken && !loop->is_ours();
      loop.reset();
      return noticed && stranger.is_intact();
    });
  }

  TEST_CASE("A loop is broken where only some of its descriptors are gone") {
    for (int which = 0; which < 4; ++which) {  // epoll, timer, and the two of the wake-up
      INFO("descriptor ", which);
      CHECK(child_says([which] {
        std::string problem;
        const auto loop = EventLoop::create(problem);
        return loop && loop->is_ours() && close(first_unknown + which) == 0 && !loop->is_ours();
      }));
    }
  }
}

TEST_SUITE("Descriptors that the host has closed: what hosts poll") {
  TEST_CASE(
      "A promise calls nobody through a number that is no longer its own, and has another for who asks") {
    check_with_every_stranger([](Stranger& stranger) {
      auto promise = std::make_unique<Promise<int>>();
      if (promise->descriptor() < 0) return false;
      stranger.take_all_numbers();
      promise->give(1);
      const int anew = promise->descriptor();
      if (anew < first_free || !readable(anew)) return false;
      promise.reset();
      return fcntl(anew, F_GETFD) < 0 && stranger.is_intact();
    });
  }
}

// ThreadSanitizer takes no threads in the child of a process with threads, and every child here starts its worker.
TEST_SUITE("Descriptors that the host has closed: the resolver" * doctest::skip(under_tsan)) {
  TEST_CASE("The next lookup is answered at once, by the same thread, and the end is no later for it") {
    check_with_every_stranger([](Stranger& stranger) {
      const auto script = two_answers();
      auto resolver = make_resolver(copy_for_child(*script));
      if (!answered(resolver->ask(a))) return false;
      stranger.take_all_numbers();
      for (int round = 0; round < 3; ++round)
        if (!answered(resolver->ask(aaaa))) return false;
      return ends_soon(resolver) && stranger.is_intact();
    });
  }

  TEST_CASE("A host may do so again and again") {
    CHECK(child_says([] {
      auto resolver = make_resolver(copy_for_child(*two_answers()));
      for (int round = 0; round < 5; ++round) {
        if (!answered(resolver->ask(a))) return false;
        File().take_all_numbers();
      }
      return answered(resolver->ask(a)) && ends_soon(resolver);
    }));
  }

  TEST_CASE("A lookup on its way is asked again, and a descriptor that is polled for it stays the host's") {
    check_with_every_stranger([](Stranger& stranger) {
      auto script = copy_for_child(*two_answers());
      script->delay = 500ms;
      auto resolver = make_resolver(script);
      const auto lookup = resolver->ask(a);
      if (lookup->descriptor() < 0) return false;
      if (!asked_and_at_rest(*script)) return false;
      stranger.take_all_numbers();
      if (!answered(lookup) || script->asked < 2 || script->engines < 2) return false;
      return readable(lookup->descriptor()) && ends_soon(resolver) && stranger.is_intact();
    });
  }

  TEST_CASE("A resolver ends soon though its descriptors are gone and a lookup is on its way") {
    check_with_every_stranger([](Stranger& stranger) {
      auto script = std::make_shared<Script>();
      auto resolver = make_resolver(script);
      const auto lookup = resolver->ask(a);
      if (!asked_and_at_rest(*script)) return false;
      stranger.take_all_numbers();
      const bool ended = ends_soon(resolver);
      const auto answer = lookup->wait(Deadline{});
      return ended && answer && std::holds_alternative<FailedAnswer>(*answer) && stranger.is_intact();
    });
  }

  TEST_CASE("A thread at rest opens nothing under the numbers that the host has freed") {
    CHECK(child_says([] {
      auto resolver = make_resolver(copy_for_child(*two_answers()));
      if (!answered(resolver->ask(a))) return false;
      close_all();
      std::this_thread::sleep_for(600ms);
      for (int fd = first_unknown; fd < first_free; ++fd)
        if (fcntl(fd, F_GETFD) >= 0) return false;
      return answered(resolver->ask(a)) && ends_soon(resolver);
    }));
  }

  TEST_CASE("Without descriptors lookups fail at once, and succeed when there are some again") {
    CHECK(child_says([] {
      auto resolver = make_resolver(copy_for_child(*two_answers()));
      if (!answered(resolver->ask(a))) return false;
      rlimit before{};
      getrlimit(RLIMIT_NOFILE, &before);
      close_all();
      rlimit none = before;
      none.rlim_cur = first_unknown;
      setrlimit(RLIMIT_NOFILE, &none);
      const auto failed_at_once = resolver->ask(a)->wait(in(soon_enough));
      if (!failed_at_once || !std::holds_alternative<FailedAnswer>(*failed_at_once)) return false;
      setrlimit(RLIMIT_NOFILE, &before);
      return answered(resolver->ask(a)) && ends_soon(resolver);
    }));
  }
}
