#include <csignal>
#include <exception>
#include <new>
#include <string_view>
#include <variant>

#include "commands.hpp"
#include "probe.hpp"
#include "terminal.hpp"
#include "watch_output.hpp"

namespace danelaw::cli {
namespace {

struct Run {
  Exit operator()(const ShowText& show) const {
    print_out(show.text);
    return Exit::Good;
  }
  Exit operator()(const CheckOptions& options) const { return run_check(options); }
  Exit operator()(const DoctorOptions& options) const { return run_doctor(options); }
  Exit operator()(const LookupOptions& options) const { return run_lookup(options); }
  Exit operator()(const ProofOptions& options) const { return run_proof(options); }
  Exit operator()(const RunOptions& options) const { return run_run(options); }
  Exit operator()(const SmtpOptions& options) const { return run_smtp(options); }
  Exit operator()(const TlsaOptions& options) const { return run_tlsa(options); }
  Exit operator()(const ValidateProofOptions& options) const { return run_validate_proof(options); }
  Exit operator()(const VerifyChainOptions& options) const { return run_verify_chain(options); }
  Exit operator()(const WatchOptions& options) const { return run_watch(options); }
};

/// What a command ends with that has told nobody. Who runs a plugin of Nagios knows 0 to 3.
Exit untold(const Command& command) {
  const auto* const watch = std::get_if<WatchOptions>(&command);
  return watch != nullptr && watch->nagios ? static_cast<Exit>(nagios_exit(Severity::Unknown))
                                           : Exit::Undecided;
}

/// Half a zone file that ends with 0 would be loaded.
Exit run(const Command& command) {
  const Exit exit = std::visit(Run{}, command);
  if (flush_out()) return exit;
  throw Failure(untold(command),
                "standard output could not be written: is the disk full, or its reader gone?");
}

Exit run(int argc, const char* const* argv) {
  try {
    return run(parse_command_line(argc, argv));
  } catch (const Failure& failure) {
    print_error_line(failure.what());
    return failure.exit();
  } catch (const std::bad_alloc&) {
    print_error_line("out of memory");
    return Exit::Undecided;
  } catch (const std::exception& error) {
    print_error_line(error.what());
    return Exit::Undecided;
  }
}

}  // namespace
}  // namespace danelaw::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hangs up is an error to report, not an end
  if (argc == 2 && std::string_view(argv[1]) == danelaw::cli::probe_word) return danelaw::cli::run_probe();
  return static_cast<int>(danelaw::cli::run(argc, argv));
}
