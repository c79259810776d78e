// A program that runs with another user's rights (AT_SECURE): whoever starts it must not choose which files it writes.
#include <doctest/doctest.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "dns/cache_directory.hpp"
#include "dns/proof_files.hpp"
#include "sanitizers.hpp"

using namespace danelaw::dns;
namespace files = std::filesystem;

namespace {

constexpr uid_t nobody = 65534;
constexpr int as_wanted = 0;
constexpr int not_raised = 77;
constexpr const char* cache_variable = "DANELAW_TEST_RAISED_CACHE";
constexpr const char* inner_case = "in a program with raised rights: no cache";

struct Folder {
  Folder() {
    std::array<char, 32> made{"/tmp/danelaw-raised-XXXXXX"};
    path = mkdtemp(made.data());
    chmod(path.c_str(), 0755);
  }
  ~Folder() { files::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  files::path path;
};

/// This very program as one that belongs to this user and is run by nobody, who has it look at `cache`.
int run_raised(const files::path& program, const files::path& cache) {
  const pid_t child = fork();
  if (child == 0) {
    if (setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0) _exit(not_raised);
    setenv(cache_variable, cache.c_str(), 1);
    const std::string filter = std::string("-tc=") + inner_case;
    execl(program.c_str(), program.c_str(), "--no-skip", filter.c_str(), nullptr);
    _exit(not_raised);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_SUITE("decision 0022: programs that run with another user's rights") {
  TEST_CASE("in a program with raised rights: no cache" * doctest::skip()) {
    const char* const cache = std::getenv(cache_variable);
    if (cache == nullptr) return;
    if (getauxval(AT_SECURE) == 0) _exit(not_raised);
    std::string problem;
    const bool opened = static_cast<bool>(CacheDirectory::make(cache, problem));
    const bool named = problem.find("another user's rights") != std::string::npos;
    _exit(!opened && named && problem_with_directory(cache) == problem ? as_wanted : 1);
  }

  // Only root can make a program that is somebody else's, and valgrind starts no such program.
  TEST_CASE("A setuid program neither makes a cache nor uses one that is there" *
            doctest::skip(geteuid() != 0 || under_valgrind())) {
    const Folder folder;
    const files::path program = folder.path / "program";
    files::copy_file("/proc/self/exe", program);
    REQUIRE(chmod(program.c_str(), 04755) == 0);
    for (const bool is_there : {false, true}) {
      INFO(is_there);
      const files::path cache = folder.path / "cache";
      if (is_there) REQUIRE(mkdir(cache.c_str(), 0700) == 0);
      const int said = run_raised(program, cache);
      if (said == not_raised) {
        MESSAGE("set-user-ID does not count here");
        return;
      }
      CHECK(said == as_wanted);
      CHECK(files::exists(cache) == is_there);
    }
  }
}
