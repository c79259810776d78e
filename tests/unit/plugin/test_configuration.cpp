#include <doctest/doctest.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/configuration.hpp"
#include "translated.hpp"

using namespace danelaw::plugin;

namespace {

Configuration understand(const std::string& lines) {
  return Configuration::understand(read_lines(lines, "here"));
}

/// The one line of a BadConfiguration; "" where `text` is a configuration.
std::string complaint(const std::string& lines) {
  try {
    static_cast<void>(understand(lines));
  } catch (const BadConfiguration& bad) {
    return bad.what();
  }
  return "";
}

template <class Function>
std::string complaint_of(Function function) {
  try {
    function();
  } catch (const BadConfiguration& bad) {
    return bad.what();
  }
  return "";
}

std::string get(const danelaw_settings* settings, const char* key) {
  return danelaw_settings_get(settings, key);
}

std::string mode_for(const Configuration& configuration, const char* program, const Peer& peer) {
  return get(configuration.rule_for(program, peer).settings(), "mode");
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A file that is gone with this.
class File final {
 public:
  explicit File(const std::string& text) {
    const int descriptor = mkstemp(m_path.data());
    REQUIRE(descriptor >= 0);
    REQUIRE(write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(descriptor);
  }
  ~File() { std::remove(m_path.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] const std::string& path() const { return m_path; }

 private:
  std::string m_path = "/tmp/danelaw-test-XXXXXX";
};

struct ConfFree {
  void operator()(CONF* conf) const { NCONF_free(conf); }
};

/// An openssl.cnf as a program has read it.
std::unique_ptr<CONF, ConfFree> conf_of(const std::string& text) {
  std::unique_ptr<CONF, ConfFree> conf(NCONF_new(nullptr));
  const File file(text);
  long line = 0;
  REQUIRE(NCONF_load(conf.get(), file.path().c_str(), &line) == 1);
  return conf;
}

const Peer www{"www.example", 443};

}  // namespace

TEST_SUITE("plugin configuration: the main section") {
  TEST_CASE("nothing at all is a configuration with the library's defaults, but for the server name") {
    for (const char* text : {"", "\n", "# nothing\n"}) {
      const Configuration configuration = understand(text);
      CHECK(configuration.log().to == LogTo::Nothing);
      CHECK(configuration.log().level == LogLevel::Refusals);
      const std::unique_ptr<danelaw_settings, SettingsFree> defaults(danelaw_settings_new());
      for (const char* key : {"mode", "profile", "dane_ee_names", "verify_none", "deadline", "trust_anchors",
                              "insecure_ignore_lookup_errors", "waiting"})
        CHECK(get(configuration.settings(), key) == get(defaults.get(), key));
      // The program's ClientHello does not wait for aliases.
      CHECK(get(configuration.settings(), "server_name") == "own");
    }
  }

  TEST_CASE("every setting of the library, and the log's, are taken; the module's path is OpenSSL's") {
    const Configuration configuration = understand(
        "path = /x/y.so\nmode = mandatory\nprofile = smtp\ndeadline = 1234\nserver_name = base_domain\n"
        "log = /var/log/danelaw\nlog_level = info\n");
    CHECK(get(configuration.settings(), "mode") == "mandatory");
    CHECK(get(configuration.settings(), "profile") == "smtp");
    CHECK(get(configuration.settings(), "deadline") == "1234");
    CHECK(get(configuration.settings(), "server_name") == "base_domain");
    CHECK(configuration.log().to == LogTo::File);
    CHECK(configuration.log().path == "/var/log/danelaw");
    CHECK(configuration.log().level == LogLevel::All);
  }

  TEST_CASE("the log goes to one of four places, at one of two levels, in any order") {
    CHECK(understand("log = off\n").log().to == LogTo::Nothing);
    CHECK(understand("log = stderr\n").log().to == LogTo::Stderr);
    CHECK(understand("log = syslog\n").log().to == LogTo::Syslog);
    const Configuration configuration = understand("log_level = info\nlog = /x\n");
    CHECK(configuration.log().level == LogLevel::All);
    CHECK(configuration.log().to == LogTo::File);
    CHECK(understand("log_level = refusals\n").log().level == LogLevel::Refusals);
  }

  TEST_CASE("lines from the environment go before those of the section, the log's too") {
    const Text text = read_lines("mode = off\nlog = /x\nprofile = smtp\n", "here");
    const Configuration configuration =
        Configuration::understand(text, {{"mode", "mandatory"}, {"log", "stderr"}});
    CHECK(get(configuration.settings(), "mode") == "mandatory");
    CHECK(get(configuration.settings(), "profile") == "smtp");
    CHECK(configuration.log().to == LogTo::Stderr);
    CHECK(configuration.log().path.empty());
  }

  TEST_CASE("whatever is wrong is one line that says where, what, and what would be right") {
    struct Row {
      const char* text;
      std::vector<const char*> said;
    };
    const Row rows[] = {
        {"mode = x\n", {"here: ", "mode", "\"x\"", "opportunistic"}},
        {"moode = off\n", {"here: ", "moode", "mode"}},
        {"deadline = 0\n", {"here: ", "deadline"}},
        {"log = somewhere\n", {"here: ", "log", "somewhere", "syslog"}},
        {"log = \n", {"here: ", "log", "absolute path"}},
        {"log_level = all\n", {"here: ", "log_level", "all", "refusals"}},
        {"rules = a\n", {"here: ", "rules", "no section [a]"}},
        {"hosts = a.example\n", {"here: ", "hosts"}},
        {"programs = curl\n", {"here: ", "programs"}},
        {"[broken\n", {"here: ", "line 1"}},
        {"mode\n", {"here: ", "line 1"}},
        {"mode = $nowhere\n", {"here: ", "line 1"}},
    };
    for (const Row& row : rows) {
      const std::string got = complaint(row.text);
      INFO(row.text << " -> " << got);
      CHECK_FALSE(got.empty());
      CHECK(got.find('\n') == std::string::npos);
      for (const char* part : row.said) CHECK(holds(got, part));
    }
  }

  TEST_CASE("a line from the environment that is wrong says that it comes from there") {
    const Text text = read_lines("", "here");
    const auto bad = complaint_of([&] {
      static_cast<void>(Configuration::understand(text, {{"mode", "x"}}));
    });
    CHECK(bad.starts_with("DANELAW_SETTINGS: mode"));
    const auto log = complaint_of([&] {
      static_cast<void>(Configuration::understand(text, {{"log", "x"}}));
    });
    CHECK(log.starts_with("DANELAW_SETTINGS: log"));
  }
}

TEST_SUITE("plugin configuration: rules") {
  TEST_CASE("the first rule that fits decides, else the main section") {
    const Configuration configuration = understand(
        "mode = mandatory\nrules = a, b,c\n"
        "[a]\nprograms = curl, wget\nhosts = *.example\nmode = off\n"
        "[b]\nhosts = www.example\nmode = opportunistic\n"
        "[c]\nprograms = psql\nmode = off\n");
    CHECK(mode_for(configuration, "curl", www) == "off");
    CHECK(mode_for(configuration, "wget", www) == "off");
    CHECK(mode_for(configuration, "python3", www) == "opportunistic");
    CHECK(mode_for(configuration, "psql", www) == "opportunistic");
    CHECK(mode_for(configuration, "psql", {"db.example", 5432}) == "off");
    CHECK(mode_for(configuration, "psql", {"db.example", 0}) == "off");
    CHECK(mode_for(configuration, "curl", {"www.other", 443}) == "mandatory");
    CHECK(mode_for(configuration, "curl", {}) == "mandatory");
  }

  TEST_CASE(
      "where host or port are not known, the strictest of the rules that may be meant decides, and none "
      "weakens") {
    struct Row {
      const char* rules;
      Peer peer;
      const char* want;
    };
    const std::map<std::string, std::string> sections = {
        {"must", "hosts = www.example:443\nmode = mandatory\n"},
        {"may", "hosts = www.example:443\nmode = opportunistic\n"},
        {"off", "hosts = www.example:443\nmode = off\n"},
        {"must_all", "programs = curl\nmode = mandatory\n"},
        {"off_all", "hosts = *\nmode = off\n"},
        {"off_www", "hosts = www.example\nmode = off\n"},
        {"must_other", "programs = psql\nhosts = *:443\nmode = mandatory\n"},
    };
    const Row rows[] = {
        {"must", {"www.example", 443}, "mandatory"},
        {"must", {"www.example", 25}, "opportunistic"},
        {"must", {"www.example", 0}, "mandatory"},
        {"must", {"", 443}, "mandatory"},
        {"must", {"", 25}, "opportunistic"},
        {"must", {}, "mandatory"},
        {"must", {"other.example", 0}, "opportunistic"},
        {"off", {"www.example", 443}, "off"},
        {"off", {"www.example", 0}, "opportunistic"},
        {"off", {}, "opportunistic"},
        {"off, must", {"www.example", 0}, "mandatory"},
        {"may, must, off", {"www.example", 0}, "mandatory"},
        {"off_www, must", {"www.example", 0}, "off"},
        {"off_www, must", {"", 0}, "mandatory"},
        {"must, off_all", {"www.example", 0}, "mandatory"},
        {"may, off_all", {"www.example", 0}, "opportunistic"},
        {"off, must_all, must", {"www.example", 0}, "mandatory"},
        {"off_all, must", {"www.example", 0}, "off"},
        {"must_other", {"www.example", 0}, "opportunistic"},
    };
    for (const Row& row : rows) {
      INFO(row.rules << " and " << row.peer.host << ":" << row.peer.port);
      std::string lines = std::string("rules = ") + row.rules + "\n";
      for (const std::string& rule : entries_of(row.rules))
        lines.append("[").append(rule).append("]\n").append(sections.at(rule));
      CHECK(mode_for(understand(lines), "curl", row.peer) == row.want);
    }
  }

  TEST_CASE(
      "a rule that only may be meant gives way to one that certainly is, where its mode is no stricter") {
    const Configuration configuration = understand(
        "verify_none = enforce\nrules = a, b, c\n[a]\nhosts = www.example:443\nverify_none = respect\n"
        "[b]\nhosts = db.example:1\nmode = mandatory\nport = 1\n[c]\nhosts = db.example:2\nmode = "
        "mandatory\nport = 2\n");
    CHECK(get(configuration.rule_for("curl", www).settings(), "verify_none") == "respect");
    CHECK(get(configuration.rule_for("curl", {"www.example", 0}).settings(), "verify_none") == "enforce");
    // Of two that may be meant alike, the first.
    CHECK(configuration.rule_for("curl", {"db.example", 0}).rule.port == 1);
  }

  TEST_CASE(
      "whichever rule decides, what another that may be meant says more strictly of verification counts") {
    const std::string strict = "verify_none = enforce\ndane_ee_names = check\n";
    const std::string lax =
        "verify_none = respect\ndane_ee_names = skip\ninsecure_ignore_lookup_errors = yes\n";
    struct Row {
      std::string possible;
      std::string certain;
      std::string mode;
    };
    for (const Row& row :
         {Row{"mode = mandatory\n" + lax, strict, "mandatory"}, Row{strict, lax, "opportunistic"},
          Row{strict, "mode = mandatory\n" + lax, "mandatory"}}) {
      const Configuration configuration =
          understand("rules = a, b\n[a]\nhosts = db.example:1\n" + row.possible +
                     "[b]\nhosts = db.example\n" + row.certain);
      INFO(row.possible << "/ " << row.certain);
      const Choice hidden = configuration.rule_for("curl", {"db.example", 0});
      CHECK(get(hidden.settings(), "mode") == row.mode);
      CHECK(get(hidden.settings(), "verify_none") == "enforce");
      CHECK(get(hidden.settings(), "dane_ee_names") == "check");
      CHECK(get(hidden.settings(), "insecure_ignore_lookup_errors") == "no");
      // Where all is known, the rule is taken as it stands.
      const Choice known = configuration.rule_for("curl", {"db.example", 2});
      CHECK(&known.rule == &configuration.rule_for("curl", {"db.example", 3}).rule);
      CHECK(known.settings() == known.rule.settings.get());
    }
  }

  TEST_CASE("a rule starts from what the main section and the environment say of connections") {
    const Text text = read_lines(
        "mode = mandatory\nverify_none = enforce\nrules = a\n[a]\nhosts = *\nprofile = smtp\n", "here");
    const Configuration configuration = Configuration::understand(text, {{"mode", "off"}});
    const Choice rule = configuration.rule_for("curl", www);
    CHECK(get(rule.settings(), "mode") == "off");
    CHECK(get(rule.settings(), "verify_none") == "enforce");
    CHECK(get(rule.settings(), "profile") == "smtp");
    CHECK(get(rule.settings(), "server_name") == "own");
  }

  TEST_CASE("decision 0021: the resolver keeps promises where the main section or any rule asks for chains") {
    const auto of = [](const std::string& text, int want) {
      const Configuration made = understand("dnssec_chain_pins = memory\n" + text);
      danelaw_resolver* resolver = nullptr;
      danelaw_problem problem{};
      CHECK(danelaw_resolver_new(made.settings(), &resolver, &problem) == want);
      danelaw_resolver_free(resolver);
      return get(made.rule_for("program", {}).settings(), "dnssec_chain");
    };
    CHECK(of("dnssec_chain = on\n", DANELAW_OK) == "on");
    CHECK(of("rules = a\n[a]\nhosts = a.example\ndnssec_chain = on\n", DANELAW_OK) == "off");
    CHECK(of("rules = a\n[a]\nhosts = a.example\n", DANELAW_ERR_UNSUPPORTED) == "off");
    CHECK(of("", DANELAW_ERR_UNSUPPORTED) == "off");
  }

  TEST_CASE("decision 0021: DNSSEC chains are offered where the main section or any rule says so") {
    const auto offers = [](const std::string& text) { return understand(text).offers_chains(); };
    CHECK_FALSE(offers(""));
    CHECK_FALSE(offers("rules = a\n[a]\nhosts = *\n"));
    CHECK(offers("dnssec_chain = on\n"));
    CHECK(offers("rules = a\n[a]\nhosts = *\ndnssec_chain = on\n"));
    CHECK(offers("dnssec_chain = on\nrules = a\n[a]\nhosts = *\ndnssec_chain = off\n"));
  }

  TEST_CASE("a rule may name the peer, and the port of its service") {
    const Configuration configuration =
        understand("rules = a\n[a]\nprograms = node\nhost = db.example\nport = 5432\n");
    const Rule& rule = configuration.rule_for("node", {}).rule;
    CHECK(rule.host == "db.example");
    CHECK(rule.port == 5432);
    const Rule& otherwise = configuration.rule_for("curl", {}).rule;
    CHECK(otherwise.host.empty());
    CHECK(otherwise.port == 0);
  }

  TEST_CASE("whatever is wrong with a rule is one line that names its section") {
    struct Row {
      const char* section;
      std::vector<const char*> said;
    };
    const Row rows[] = {
        {"mode = off\n", {"programs", "hosts"}},
        {"", {"no section [a]"}},
        {"hosts = *\nmode = x\n", {"mode", "\"x\""}},
        {"hosts = *\ndeadline = 1\n", {"deadline", "no setting of a rule", "programs hosts host port mode"}},
        {"hosts = *\nlog = off\n", {"log", "no setting of a rule"}},
        {"hosts = *\nrules = a\n", {"rules", "no setting of a rule"}},
        {"hosts = \n", {"hosts", "a list of hosts"}},
        {"hosts = a.example, *.*\n", {"hosts", "\"*.*\"", "*.name"}},
        {"programs = ,\n", {"programs", "file names"}},
        {"hosts = *\nhost = \n", {"host", "a host name"}},
        {"hosts = *\nport = 0\n", {"port", "65535"}},
        {"hosts = *\nport = https\n", {"port", "\"https\""}},
    };
    for (const Row& row : rows) {
      const std::string section = *row.section == '\0' ? "" : std::string("[a]\n") + row.section;
      const std::string got = complaint("rules = a\n" + section);
      INFO(row.section << " -> " << got);
      CHECK(got.starts_with("here"));
      CHECK(holds(got, "[a]"));
      for (const char* part : row.said) CHECK(holds(got, part));
    }
  }
}

TEST_SUITE("plugin configuration: where it is read from") {
  TEST_CASE("a file is read, with its rules, and named where it is wrong") {
    const File good("mode = off\nrules = a\n[a]\nhosts = *.example\nmode = mandatory\n");
    const Configuration configuration = Configuration::understand(read_file(good.path()));
    CHECK(mode_for(configuration, "curl", www) == "mandatory");
    CHECK(mode_for(configuration, "curl", {"www.other", 443}) == "off");

    const File bad("mode = off\nrules = a\n[a]\nhosts = *\nmode = x\n");
    CHECK(complaint_of([&] {
            static_cast<void>(Configuration::understand(read_file(bad.path())));
          }).starts_with(bad.path() + " [a]: mode"));
    const File broken("mode = off\n[a\n");
    CHECK(complaint_of([&] {
            static_cast<void>(read_file(broken.path()));
          }).starts_with(broken.path() + ": line 2: "));
  }

  TEST_CASE("a file without any setting is no configuration, and says so") {
    for (const char* text : {"", "# nothing\n", "[default]\n", "\n.pragma = dollarid:on\n"}) {
      const File file(text);
      INFO(text);
      CHECK(complaint_of([&] { static_cast<void>(read_file(file.path())); }) ==
            file.path() + ": there is no setting in it");
    }
  }

  TEST_CASE(
      "a section that is neither the main one nor a rule's is refused by its name, however it was made") {
    struct Row {
      const char* text;
      const char* section;  // "" where all is read
    };
    const Row rows[] = {
        {"[danelaw]\nmode = mandatory\n", "[danelaw]"},
        {"mode = off\n[danelaw]\nmode = mandatory\n", "[danelaw]"},
        {"mode = off\n[danelaw]\n", "[danelaw]"},
        {"mode = off\ndanelaw::mode = mandatory\n", "[danelaw]"},
        {"mode = off\nrules = a\n[a]\nhosts = *\n[b]\nhosts = *\n", "[b]"},
        {"mode = off\n[two words]\nx = y\n", "[two words]"},
        {"mode = off\n[ENV]\nx = y\n", "[ENV]"},
        {".include $ENV::DANELAW_TEST_INCLUDED\n", "[included]"},
        {"mode = off\n.include $ENV::DANELAW_TEST_INCLUDED\n", "[included]"},
        {"mode = off\n[x\\ny]\nmode = off\n", "[x"},
        // Names that begin as if they were known ones.
        {"mode = off\n[default\\]\\]\\nx]\nmode = off\n", "[default]"},
        {"mode = off\n[default\\nx]\nmode = off\n", "[default]"},
        {"mode = off\nrules = a\n[a]\nhosts = *\n[a\\]\\]\\nx]\nmode = off\n", "[a]"},
        // Values that look like sections hide none.
        {"mode = off\nlog = /x\\n[[a]]\n", "[a]"},
        {"mode = off\nlog = /x\\n[[default]]\n[danelaw]\nx = y\n", "["},
        {"mode = off\n", ""},
        {"[default]\nmode = off\n", ""},
        {"mode = off\ndefault::log = off\n[default]\nprofile = smtp\n", ""},
        {"mode = off\nrules = a\n[a]\nhosts = *\n[default]\nprofile = smtp\n[a]\nmode = off\n", ""},
    };
    const File included("[included]\nmode = off\n");
    setenv("DANELAW_TEST_INCLUDED", included.path().c_str(), 1);
    for (const Row& row : rows) {
      const File file(row.text);
      const auto of_file = complaint_of([&] { static_cast<void>(read_file(file.path())); });
      const auto of_lines = complaint_of([&] { static_cast<void>(read_lines(row.text, "here")); });
      INFO(row.text << " -> " << of_file << " and " << of_lines);
      CHECK(of_file.empty() == (*row.section == '\0'));
      CHECK(of_lines.empty() == (*row.section == '\0'));
      if (*row.section == '\0') continue;
      CHECK(of_file.starts_with(file.path() + ": the section " + row.section));
      CHECK(of_lines.starts_with(std::string("here: the section ") + row.section));
    }
  }

  TEST_CASE("A file that is not there is told in English, whatever language the host speaks") {
    const danelaw::Translated translated("No such file or directory", "filen finns inte");
    if (!translated.is_heard(ENOENT)) return;
    CHECK(complaint_of([] { static_cast<void>(read_file("/nowhere/at/all")); }) ==
          "/nowhere/at/all: No such file or directory");
  }

  TEST_CASE("what is no regular file is no configuration, and nothing is waited for") {
    std::string folder = "/tmp/danelaw-test-XXXXXX";
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    const std::string fifo = folder + "/fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    for (const std::string& path : {folder, fifo, std::string("/dev/null")}) {
      INFO(path);
      CHECK(complaint_of([&] { static_cast<void>(read_file(path)); }) == path + ": is not a regular file");
    }
    std::remove(fifo.c_str());
    rmdir(folder.c_str());
  }

  TEST_CASE("a file that cannot be read is no configuration, and leaves no error with OpenSSL") {
    ERR_clear_error();
    CHECK(complaint_of([] {
            static_cast<void>(read_file("/nowhere/danelaw.conf"));
          }).starts_with("/nowhere/danelaw.conf: "));
    CHECK(complaint("mode\n") != "");
    CHECK(ERR_peek_error() == 0);
  }

  TEST_CASE("a section of openssl.cnf is read with the sections that its rules name") {
    const auto conf = conf_of(
        "openssl_conf = init\n[init]\ndanelaw = dane\n[dane]\npath = /x.so\nmode = off\nrules = a\n"
        "[a]\nhosts = *\nmode = mandatory\n[b]\nmode = x\n");
    const Configuration configuration =
        Configuration::understand(read_section(conf.get(), "dane", "openssl.cnf"));
    CHECK(get(configuration.settings(), "mode") == "off");
    CHECK(mode_for(configuration, "curl", www) == "mandatory");
    CHECK(complaint_of([&] { static_cast<void>(read_section(conf.get(), "other", "openssl.cnf")); }) ==
          "openssl.cnf: there is no section [other]");
    CHECK(complaint_of([&] {
            static_cast<void>(Configuration::understand(read_section(conf.get(), "b", "openssl.cnf")));
          }).starts_with("openssl.cnf [b]: mode"));
  }

  TEST_CASE("a rule that is named twice is no more than a rule") {
    const Configuration configuration = understand("rules = a,a\n[a]\nhosts = *.example\nmode = off\n");
    CHECK(mode_for(configuration, "curl", www) == "off");
    CHECK(mode_for(configuration, "curl", {}) == "opportunistic");
  }
}
