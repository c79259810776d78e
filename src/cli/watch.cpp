// `danelaw watch LIST`: looks at services on a schedule and tells what changes; with --once or --nagios one time.
#include <csignal>
#include <cstdlib>
#include <ctime>

#include "commands.hpp"
#include "line_output.hpp"
#include "lines_in_order.hpp"
#include "numbers.hpp"
#include "parallel.hpp"
#include "terminal.hpp"
#include "watch_round.hpp"

namespace danelaw::cli {
namespace {

constexpr std::chrono::milliseconds patience_at_end{3000};
constexpr std::time_t between_saves = 2;  // seconds

std::size_t jobs_of(const WatchOptions& options) {
  const auto jobs =
      parse_number<std::size_t>(options.jobs.value_or("16"), "--jobs", "a number from 1 to 256", 256);
  if (jobs == 0) throw usage("--jobs: 0 is not a number from 1 to 256");
  return jobs;
}

/// Looks at every service one time.
Summary look_once(const WatchOptions& options, const std::vector<WatchedService>& list, WatchGuard& guard,
                  WatchBook& book) {
  std::mutex mutex;
  Summary summary;
  LinesInOrder lines(list.size());
  in_parallel(list.size(), jobs_of(options), [&](std::size_t i) {
    const Observation observation = guard.look(list[i]);
    const std::lock_guard lock(mutex);
    const WatchReport report = book.enter(list[i].name, observation);
    summary.add(i, report);
    lines.put(i, options.nagios ? "" : options.json ? report_as_json(report) : report_as_text(report));
  });
  book.save();
  return summary;
}

sigset_t signals_of_watch() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

/// A list with a mistake changes nothing.
void read_list_again(const WatchOptions& options, WatchRound& round) {
  try {
    round.take(read_watch_list(options.list));
  } catch (const Failure& failure) {
    print_error_line(failure.what());
    print_error_line("the list stays as it was");
  }
}

/// Ends by SIGTERM or SIGINT, and where nobody reads any more, which has been said then; SIGHUP has the list read again, unless it
/// is the terminal's last word.
Exit look_again_and_again(const WatchOptions& options, std::vector<WatchedService> list, WatchGuard& guard,
                          WatchBook& book, std::chrono::seconds interval) {
  LineOutput output;
  WatchRound round(guard, book, interval, [&](const WatchReport& report) {
    output.put(options.json ? events_as_json(report) : events_as_text(report));
  });
  round.take(std::move(list));
  round.start(jobs_of(options));
  const sigset_t signals = signals_of_watch();
  const timespec pause{between_saves, 0};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &pause);
    round.save();
    if (signal == SIGTERM || signal == SIGINT || output.reader_is_gone()) break;
    if (signal == SIGHUP) read_list_again(options, round);
  }
  const bool all_ended = round.stop(patience_at_end);
  round.save();
  const Exit exit = output.reader_is_gone() ? Exit::Undecided : Exit::Good;
  if (!all_ended) std::_Exit(static_cast<int>(exit));  // looks at who does not answer are cut off
  return exit;
}

Exit watch(const WatchOptions& options) {
  const WatchTimes times = times_of(options);
  std::vector<WatchedService> list = read_watch_list(options.list);
  static_cast<void>(jobs_of(options));
  const bool is_endless = !options.once && !options.nagios;
  const sigset_t signals = signals_of_watch();
  if (is_endless)
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before there are threads, which inherit it
  WatchBook book({options.state, options.prometheus}, times.warn);
  WatchGuard guard(options, times);
  book.keep_only(list);
  book.save();  // what cannot be written is told now, not when there is something to write
  if (is_endless) return look_again_and_again(options, std::move(list), guard, book, times.interval);
  const Summary summary = look_once(options, list, guard, book);
  if (!options.nagios) return summary.exit();
  print_out(summary.nagios());
  return static_cast<Exit>(nagios_exit(summary.worst()));
}

}  // namespace

Exit run_watch(const WatchOptions& options) {
  if (!options.nagios) return watch(options);
  try {
    return watch(options);
  } catch (const std::exception& error) {  // 2 would be said of the services
    print_out("DANELAW UNKNOWN - " + printable(error.what()) + "\n");
    return static_cast<Exit>(nagios_exit(Severity::Unknown));
  }
}

}  // namespace danelaw::cli
