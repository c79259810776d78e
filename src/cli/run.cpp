// `danelaw run -- COMMAND`: everything is looked at before, because a program into which the plugin was not loaded
// would take any peer that it always took.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "child.hpp"
#include "commands.hpp"
#include "configured_settings.hpp"
#include "os/system_errors.hpp"
#include "plugin_environment.hpp"
#include "plugin_settings.hpp"
#include "probe.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

/// Trust anchors that cannot be read, settings that contradict: the plugin would find out at the first handshake, which is late.
void require_resolver(const danelaw_settings& settings) {
  danelaw_resolver* resolver = nullptr;
  danelaw_problem problem{};
  const int code = danelaw_resolver_new(&settings, &resolver, &problem);
  const Resolver owner(resolver);
  if (!succeeded(code, problem)) throw Failure(Exit::CannotRun, problem.text);
}

void require_active(const Environment& environment) {
  for (const std::string& problem : {probe_preload(environment), probe_openssl_conf(environment)})
    if (!problem.empty()) throw Failure(Exit::CannotRun, problem);
}

[[noreturn]] void become(const std::string& program, std::vector<std::string> words,
                         Environment environment) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  // A script without a first line that says how is the shell's, as execvp(3) has it.
  execvpe(program.c_str(), arguments.data(), environment.pointers().data());
  const int error = errno;
  throw Failure(error == ENOENT ? Exit::NotFound : Exit::CannotRun,
                fmt::format("{}: cannot be run: {}", program, text_of_error(error)));
}

/// What the program will get, as far as it can be read: what cannot the plugin refuses at its first handshake, and says so.
Settings settings_in_force(const PluginOptions& options) {
  const PluginSettings given = plugin_settings(options);
  PluginSettings all;
  try {
    all = configured_settings(options, Environment::own()).settings;
  } catch (const Failure&) {
    all.clear();
  }
  all.insert(all.end(), given.begin(), given.end());
  return library_settings(all);
}

}  // namespace

Exit run_run(const RunOptions& options) {
  const Environment environment = environment_with_plugin(options.plugin);
  const Settings settings = settings_in_force(options.plugin);
  require_resolver(*settings);
  say_what_is_wrong_with_cache(*settings);
  const std::string program = find_command(options.command.front());
  refuse_raised_rights(program);
  require_active(environment);
  become(program, options.command, environment);
}

}  // namespace danelaw::cli
