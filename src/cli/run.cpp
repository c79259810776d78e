// `danelaw run -- COMMAND`: everything is looked at before, because a program into which the plugin was not loaded
// would take any peer that it always took.
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "child.hpp"
#include "commands.hpp"
#include "plugin_environment.hpp"
#include "probe.hpp"

namespace danelaw::cli {
namespace {

/// Such programs take nothing from their caller's environment.
void refuse_raised_rights(const std::string& program) {
  struct stat file {};
  if (stat(program.c_str(), &file) != 0) return;  // exec will say why
  const bool has_capabilities = getxattr(program.c_str(), "security.capability", nullptr, 0) > 0;
  const char* const what = (file.st_mode & S_ISUID) != 0   ? "set-uid"
                           : (file.st_mode & S_ISGID) != 0 ? "set-gid"
                           : has_capabilities              ? "raised by file capabilities"
                                                           : nullptr;
  if (what == nullptr) return;
  throw Failure(Exit::CannotRun,
                fmt::format("{}: {}, so it takes neither LD_PRELOAD nor OPENSSL_CONF and the plugin cannot get "
                            "into it; only the system's openssl.cnf reaches it, see danelaw-plugin(7)",
                            program, what));
}

void require_active(const Environment& environment) {
  for (const std::string& problem : {probe_preload(environment), probe_openssl_conf(environment)})
    if (!problem.empty()) throw Failure(Exit::CannotRun, problem);
}

[[noreturn]] void become(const std::string& program, std::vector<std::string> words, Environment environment) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execve(program.c_str(), arguments.data(), environment.pointers().data());
  const int error = errno;
  throw Failure(error == ENOENT ? Exit::NotFound : Exit::CannotRun,
                fmt::format("{}: cannot be run: {}", program, std::strerror(error)));
}

}  // namespace

Exit run_run(const RunOptions& options) {
  const Environment environment = environment_with_plugin(options.plugin);
  const std::string program = find_command(options.command.front());
  refuse_raised_rights(program);
  require_active(environment);
  become(program, options.command, environment);
}

}  // namespace danelaw::cli
