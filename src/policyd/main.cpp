#include <csignal>
#include <exception>
#include <new>
#include <variant>

#include "failure.hpp"
#include "log.hpp"
#include "once.hpp"
#include "options.hpp"
#include "output.hpp"
#include "service.hpp"

namespace danelaw::policyd {
namespace {

Exit run(int argc, const char* const* argv) {
  try {
    const auto parsed = parse_command_line(argc, argv);
    if (const auto* const show = std::get_if<ShowText>(&parsed)) {
      print_out(show->text);
      return Exit::Good;
    }
    const Options& options = std::get<Options>(parsed);
    Configuration configuration = configuration_for(options);
    if (options.once) return run_once(options, configuration);
    if (options.check) return Exit::Good;
    return Service(options, std::move(configuration)).run();
  } catch (const Failure& failure) {
    say(failure.what());
    return failure.exit();
  } catch (const std::bad_alloc&) {
    say("out of memory");
    return Exit::Undecided;
  } catch (const std::exception& error) {
    say(error.what());
    return Exit::Undecided;
  }
}

}  // namespace
}  // namespace danelaw::policyd

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(danelaw::policyd::run(argc, argv));
}
