#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "dns/event_loop.hpp"
#include "dns/getdns_loop.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<EventLoop> make_loop() {
  std::string problem;
  auto loop = EventLoop::create(problem);
  REQUIRE_MESSAGE(loop, problem);
  return loop;
}

Deadline in(std::chrono::milliseconds wait) { return std::chrono::steady_clock::now() + wait; }

bool readable(int descriptor, std::chrono::milliseconds wait = 0ms) {
  pollfd polled{descriptor, POLLIN, 0};
  return poll(&polled, 1, static_cast<int>(wait.count())) == 1;
}

/// Two ends of a stream.
class Pair final {
 public:
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, m_ends.data()) == 0); }
  ~Pair() {
    for (const int end : m_ends)
      if (end >= 0) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  [[nodiscard]] int here() const { return m_ends[0]; }
  void send() const { REQUIRE(write(m_ends[1], "x", 1) == 1); }
  void receive() const {
    char octet = 0;
    REQUIRE(read(m_ends[0], &octet, 1) == 1);
  }
  void hang_up() {
    close(m_ends[1]);
    m_ends[1] = -1;
  }

 private:
  std::array<int, 2> m_ends{-1, -1};
};

/// One getdns event and what became of it.
struct Event {
  getdns_eventloop_event event{};
  GetdnsLoop* loop = nullptr;
  int reads = 0;
  int writes = 0;
  int timeouts = 0;
  bool clear_when_called = false;

  Event(GetdnsLoop& the_loop, bool read, bool write, bool timeout) : loop(&the_loop) {
    event.userarg = this;
    if (read) event.read_cb = [](void* self) { static_cast<Event*>(self)->called(&Event::reads); };
    if (write) event.write_cb = [](void* self) { static_cast<Event*>(self)->called(&Event::writes); };
    if (timeout) event.timeout_cb = [](void* self) { static_cast<Event*>(self)->called(&Event::timeouts); };
  }
  getdns_return_t schedule(int fd, std::uint64_t timeout) {
    return loop->get()->vmt->schedule(loop->get(), fd, timeout, &event);
  }
  void clear() { loop->get()->vmt->clear(loop->get(), &event); }

 private:
  void called(int Event::*count) {
    ++(this->*count);
    if (clear_when_called) clear();
  }
};

constexpr std::uint64_t for_ever = ~std::uint64_t{0};

}  // namespace

TEST_SUITE("The event loop") {
  TEST_CASE("Timers run once, in the order of their times, and not before") {
    const auto loop = make_loop();
    std::string order;
    const Deadline began = std::chrono::steady_clock::now();
    loop->call_at(in(20ms), [&] { order += "b"; });
    loop->call_at(in(5ms), [&] { order += "a"; });
    loop->call_at(in(-1s), [&] { order += "0"; });
    while (order.size() < 3) loop->run_once(std::nullopt);
    CHECK(order == "0ab");
    CHECK(std::chrono::steady_clock::now() - began >= 20ms);
    loop->run_once(10ms);
    CHECK(order == "0ab");
  }

  TEST_CASE("A timer that was cancelled does not run, even from another one of the same time") {
    const auto loop = make_loop();
    int runs = 0;
    const Deadline when = in(1ms);
    EventLoop::TimerId second = 0;
    loop->call_at(when, [&] {
      ++runs;
      loop->cancel(second);
    });
    second = loop->call_at(when, [&] { ++runs; });
    loop->cancel(4711);
    while (runs == 0) loop->run_once(std::nullopt);
    loop->run_once(10ms);
    CHECK(runs == 1);
  }

  TEST_CASE("A timer that sets itself again at once starves nothing else") {
    const auto loop = make_loop();
    const Pair pair;
    int heard = 0;
    std::function<void()> again = [&] { loop->call_at(in(0ms), again); };
    again();
    loop->watch(pair.here(), EPOLLIN, [&](std::uint32_t) {
      pair.receive();
      ++heard;
    });
    pair.send();
    for (int i = 0; i < 10 && heard == 0; ++i) loop->run_once(10ms);
    CHECK(heard == 1);
  }

  TEST_CASE("What has come is handed over before a timer says that it has not") {
    const auto loop = make_loop();
    const Pair pair;
    std::string order;
    loop->watch(pair.here(), EPOLLIN, [&](std::uint32_t) {
      pair.receive();
      loop->defer([&] { order += "reply "; });
    });
    pair.send();
    loop->call_at(in(-1s), [&] {
      order += "timer ";
      loop->defer([&] { order += "late "; });
    });
    loop->run_once(10ms);
    CHECK(order == "reply timer ");
    CHECK(readable(loop->descriptor()));
    loop->run_once(std::nullopt);
    CHECK(order == "reply timer late ");
  }

  TEST_CASE("Deferred actions run after what runs now, and what they defer in the next round") {
    const auto loop = make_loop();
    std::string order;
    loop->defer([&] {
      order += "a";
      loop->defer([&] { order += "c"; });
      order += "b";
    });
    CHECK(order.empty());
    CHECK(readable(loop->descriptor()));
    loop->run_once(std::nullopt);
    CHECK(order == "ab");
    loop->run_once(std::nullopt);
    CHECK(order == "abc");
  }

  TEST_CASE("The descriptor is readable exactly while there is something to do") {
    const auto loop = make_loop();
    CHECK_FALSE(readable(loop->descriptor()));
    bool ran = false;
    loop->call_at(in(5ms), [&] { ran = true; });
    CHECK(readable(loop->descriptor(), 10s));
    loop->run_once(0ms);
    CHECK(ran);
    CHECK_FALSE(readable(loop->descriptor()));
    loop->wake();
    CHECK(readable(loop->descriptor()));
    loop->run_once(std::nullopt);
    CHECK_FALSE(readable(loop->descriptor()));
  }

  TEST_CASE("Another thread wakes it, and an idle loop costs no time") {
    const auto loop = make_loop();
    loop->call_at(in(std::chrono::hours(1)), [] {});
    rusage before{};
    getrusage(RUSAGE_THREAD, &before);
    std::thread other([&] {
      std::this_thread::sleep_for(50ms);
      loop->wake();
    });
    loop->run_once(std::nullopt);
    rusage after{};
    getrusage(RUSAGE_THREAD, &after);
    other.join();
    const auto spent = [](const rusage& usage) { return usage.ru_utime.tv_usec + usage.ru_stime.tv_usec; };
    CHECK(after.ru_nvcsw - before.ru_nvcsw <= 3);
    CHECK(spent(after) - spent(before) < 40'000);
  }

  TEST_CASE("Several watches share a descriptor and come and go on their own") {
    const auto loop = make_loop();
    const Pair pair;
    int first = 0;
    int second = 0;
    int written = 0;
    const auto a = loop->watch(pair.here(), EPOLLIN, [&](std::uint32_t) { ++first; });
    const auto b = loop->watch(pair.here(), EPOLLIN, [&](std::uint32_t) { ++second; });
    pair.send();
    loop->run_once(std::nullopt);
    CHECK(first == 1);
    CHECK(second == 1);
    loop->unwatch(a);
    const auto c = loop->watch(pair.here(), EPOLLOUT, [&](std::uint32_t) { ++written; });
    loop->run_once(std::nullopt);
    CHECK(first == 1);
    CHECK(second == 2);
    CHECK(written == 1);
    loop->unwatch(b);
    loop->unwatch(c);
    loop->unwatch(c);
    loop->run_once(0ms);
    CHECK(second == 2);
    CHECK(written == 1);
  }

  TEST_CASE(
      "A watch that another callback of the same round ended is not called, even where its number lives on") {
    const auto loop = make_loop();
    const Pair one;
    const Pair two;
    int calls = 0;
    EventLoop::WatchId first = 0;
    EventLoop::WatchId second = 0;
    const auto end_the_other = [&](EventLoop::WatchId& other, int fd) {
      ++calls;
      loop->unwatch(other);
      other = loop->watch(fd, EPOLLIN, [&](std::uint32_t) { calls += 100; });
    };
    first = loop->watch(one.here(), EPOLLIN, [&](std::uint32_t) { end_the_other(second, two.here()); });
    second = loop->watch(two.here(), EPOLLIN, [&](std::uint32_t) { end_the_other(first, one.here()); });
    one.send();
    two.send();
    loop->run_once(std::nullopt);
    CHECK(calls == 1);
  }

  TEST_CASE(
      "A number that the host has closed is watched anew for what has it now, and the old watch ends as "
      "ever") {
    for (const std::uint32_t before : {std::uint32_t{EPOLLIN}, std::uint32_t{EPOLLIN | EPOLLOUT}}) {
      INFO(before);
      const auto loop = make_loop();
      const Pair lost;
      const Pair now;
      int old_calls = 0;
      int calls = 0;
      const auto old = loop->watch(lost.here(), before, [&](std::uint32_t) { ++old_calls; });
      REQUIRE(dup2(now.here(), lost.here()) == lost.here());
      const auto anew = loop->watch(lost.here(), EPOLLIN, [&](std::uint32_t) { ++calls; });
      REQUIRE(anew != 0);
      now.send();
      loop->run_once(10s);
      CHECK(calls == 1);
      CHECK(old_calls == 1);  // which shares the number, and may find out what has become of it
      loop->unwatch(old);
      loop->run_once(10s);
      CHECK(calls == 2);
      CHECK(old_calls == 1);
      loop->unwatch(anew);
      loop->run_once(0ms);
      CHECK(calls == 2);
      CHECK(loop->is_idle());
    }
  }

  TEST_CASE("What cannot be watched is refused") {
    const auto loop = make_loop();
    CHECK(loop->watch(-1, EPOLLIN, [](std::uint32_t) {}) == 0);
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK(loop->watch(file, EPOLLIN, [](std::uint32_t) {}) == 0);
    close(file);
  }
}

TEST_SUITE("The event loop's mailbox") {
  TEST_CASE("What other threads post runs from the loop, which wakes up for it") {
    const auto loop = make_loop();
    std::vector<int> ran;
    std::thread([mailbox = loop->mailbox(), &ran] {
      for (const int number : {1, 2}) mailbox->post([&ran, number] { ran.push_back(number); });
    }).join();
    CHECK(ran.empty());
    CHECK(readable(loop->descriptor()));
    loop->run_once(0ms);
    CHECK(ran == std::vector{1, 2});
    loop->run_once(0ms);
    CHECK(ran.size() == 2);
  }

  TEST_CASE("What is posted when the loop is gone, or was not run by then, is forgotten") {
    auto loop = make_loop();
    const auto mailbox = loop->mailbox();
    const auto letter = std::make_shared<int>(1);
    mailbox->post([letter] {});
    CHECK(letter.use_count() == 2);
    loop.reset();
    CHECK(letter.use_count() == 1);
    mailbox->post([letter] {});
    CHECK(letter.use_count() == 1);
  }
}

TEST_SUITE("The event loop as getdns sees it") {
  TEST_CASE("Reads, writes and timeouts arrive until the event is cleared") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    const Pair pair;
    Event both(getdns, true, true, false);
    REQUIRE(both.schedule(pair.here(), for_ever) == GETDNS_RETURN_GOOD);
    loop->run_once(std::nullopt);
    CHECK(both.writes == 1);
    CHECK(both.reads == 0);
    pair.send();
    loop->run_once(std::nullopt);
    CHECK(both.reads == 1);
    CHECK(getdns.arrivals() == 2);
    both.clear();
    both.clear();
    loop->run_once(0ms);
    CHECK(both.reads == 1);
  }

  TEST_CASE("A timeout without a descriptor fires, and again only after a pause") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    Event timer(getdns, false, false, true);
    REQUIRE(timer.schedule(-1, 5) == GETDNS_RETURN_GOOD);
    while (timer.timeouts < 2) loop->run_once(std::nullopt);
    timer.clear();
    loop->run_once(20ms);
    CHECK(timer.timeouts == 2);
    CHECK(getdns.arrivals() == 0);
    Event never(getdns, false, false, true);
    REQUIRE(never.schedule(-1, for_ever) == GETDNS_RETURN_GOOD);
    loop->run_once(10ms);
    CHECK(never.timeouts == 0);
  }

  TEST_CASE("An event may clear itself when it is called") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    const Pair pair;
    Event event(getdns, true, true, true);
    event.clear_when_called = true;
    pair.send();
    REQUIRE(event.schedule(pair.here(), 0) == GETDNS_RETURN_GOOD);
    loop->run_once(std::nullopt);
    loop->run_once(5ms);
    CHECK(event.reads + event.writes + event.timeouts == 1);
  }

  TEST_CASE("An end of the connection is found by whoever reads, or else writes") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    Pair pair;
    pair.hang_up();
    Event reader(getdns, true, false, false);
    Event writer(getdns, false, true, false);
    REQUIRE(reader.schedule(pair.here(), for_ever) == GETDNS_RETURN_GOOD);
    loop->run_once(std::nullopt);
    CHECK(reader.reads == 1);
    reader.clear();
    REQUIRE(writer.schedule(pair.here(), for_ever) == GETDNS_RETURN_GOOD);
    loop->run_once(std::nullopt);
    CHECK(writer.writes == 1);
  }

  TEST_CASE("A socket that connects with its first write is writable and not readable") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    const int unconnected = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    REQUIRE(unconnected >= 0);
    Event both(getdns, true, true, false);
    REQUIRE(both.schedule(unconnected, for_ever) == GETDNS_RETURN_GOOD);
    loop->run_once(std::nullopt);
    CHECK(both.writes == 1);
    CHECK(both.reads == 0);
    both.clear();
    close(unconnected);
  }

  TEST_CASE("getdns's own ways to run it work") {
    const auto loop = make_loop();
    GetdnsLoop getdns(*loop);
    Event timer(getdns, false, false, true);
    timer.clear_when_called = true;
    REQUIRE(timer.schedule(-1, 1) == GETDNS_RETURN_GOOD);
    getdns.get()->vmt->run_once(getdns.get(), 0);
    getdns.get()->vmt->run(getdns.get());
    CHECK(timer.timeouts == 1);
    getdns.get()->vmt->cleanup(getdns.get());
    CHECK(getdns.get()->vmt->schedule(getdns.get(), -1, for_ever, &timer.event) == GETDNS_RETURN_GOOD);
  }
}
