#include "configuration.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>

#include "os/system_errors.hpp"

namespace danelaw::plugin {
namespace {

struct ConfFree {
  void operator()(CONF* conf) const { NCONF_free(conf); }
};
using Conf = std::unique_ptr<CONF, ConfFree>;
using Names = std::vector<std::string>;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioFree>;

/// What one section may set for its connections; the rest is for the whole process.
constexpr std::array<std::string_view, 7> keys_of_connections{
    "mode",        "profile",     "dane_ee_names", "verify_none", "insecure_ignore_lookup_errors",
    "server_name", "dnssec_chain"};

/// Keys of a module's section that are OpenSSL's.
constexpr std::string_view path_of_module = "path";

std::string where(const std::string& origin, const Section& section) {
  return origin + (section.name == "default" ? "" : " [" + section.name + "]");
}

const std::string* find(const Section& section, std::string_view key) {
  const auto found = std::find_if(section.settings.begin(), section.settings.end(),
                                  [&](const Setting& setting) { return setting.key == key; });
  return found == section.settings.end() ? nullptr : &found->value;
}

std::optional<Section> section_of(const CONF* conf, const std::string& name) {
  const STACK_OF(CONF_VALUE)* values = NCONF_get_section(conf, name.c_str());
  if (values == nullptr) return std::nullopt;
  Section section{name, {}};
  for (int i = 0; i < sk_CONF_VALUE_num(values); ++i) {
    const CONF_VALUE* value = sk_CONF_VALUE_value(values, i);
    section.settings.push_back({value->name, value->value == nullptr ? "" : value->value});
  }
  return section;
}

Conf new_conf() {
  Conf conf(NCONF_new(nullptr));
  if (conf == nullptr) throw std::bad_alloc();
  return conf;
}

/// OpenSSL's own words for what it could not read, which name no file.
std::string openssl_says(long line) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string place = line > 0 ? "line " + std::to_string(line) + ": " : "";
  return place + (reason == nullptr ? "cannot be read" : reason);
}

class Marked final {  // errors that are pushed while this lives are taken off again
 public:
  Marked() { ERR_set_mark(); }
  ~Marked() { ERR_pop_to_mark(); }
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;
};

/// The names of all sections. OpenSSL lists them as lines of "[[name]]" among those of the settings. A name or a value with
/// a line break can add a name here, but none can take one away: each entry of the list begins a line.
Names sections_of(const CONF* conf) {
  constexpr std::string_view opening = "[[";
  constexpr std::string_view closing = "]]";
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || NCONF_dump_bio(conf, bio.get()) <= 0) throw std::bad_alloc();
  char* data = nullptr;
  const long octets = BIO_get_mem_data(bio.get(), &data);
  std::string_view list(data, octets < 0 ? 0 : static_cast<std::size_t>(octets));
  Names names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (!line.starts_with(opening)) continue;
    line.remove_prefix(opening.size());
    if (line.ends_with(closing)) line.remove_suffix(closing.size());
    names.emplace_back(line);
  }
  return names;
}

/// Whoever writes "[danelaw]" above everything means it, and would be heard nowhere. A name that is there twice is made up
/// of another's line break, and hides it.
void refuse_other_sections(const CONF* conf, const Text& text) {
  Names expected{text.main.name};
  for (const Section& rule : text.rules) expected.push_back(rule.name);
  for (const std::string& name : sections_of(conf)) {
    const auto found = std::find(expected.begin(), expected.end(), name);
    if (found == expected.end())
      throw BadConfiguration(text.origin + ": the section [" + name +
                             "] is neither the main one, which has no name, nor one that `rules` names once");
    expected.erase(found);
  }
}

/// Of text of which all is ours.
Text read_whole(const CONF* conf, const std::string& origin) {
  // Text may hold sections only, or nothing at all.
  const bool has_main = NCONF_get_section(conf, "default") != nullptr;
  Text text = has_main ? read_section(conf, "default", origin) : Text{origin, {"default", {}}, {}};
  refuse_other_sections(conf, text);
  return text;
}

/// Before it is opened: a FIFO would be waited for, and a folder be read as nothing.
void require_regular_file(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw BadConfiguration(path + ": " + text_of_error(errno));
  if (!S_ISREG(status.st_mode)) throw BadConfiguration(path + ": is not a regular file");
}

[[noreturn]] void bad_value(const std::string& place, const Setting& setting, std::string_view wanted) {
  throw BadConfiguration(place + ": " + setting.key + ": \"" + setting.value + "\" is not " +
                         std::string(wanted));
}

void set(danelaw_settings& settings, const Setting& setting, const std::string& place) {
  danelaw_problem problem{};
  if (danelaw_settings_set(&settings, setting.key.c_str(), setting.value.c_str(), &problem) != DANELAW_OK)
    throw BadConfiguration(place + ": " + problem.text);
}

Settings new_settings() {
  Settings settings(danelaw_settings_new());
  if (settings == nullptr) throw std::bad_alloc();
  // The program's ClientHello cannot wait for aliases, and its SNI is its own, unless a setting says otherwise.
  set(*settings, {"server_name", "own"}, "built in");
  return settings;
}

bool set_log(LogSettings& log, const Setting& setting, const std::string& place) {
  if (setting.key == "log") {
    log.path.clear();
    if (setting.value == "off")
      log.to = LogTo::Nothing;
    else if (setting.value == "stderr")
      log.to = LogTo::Stderr;
    else if (setting.value == "syslog")
      log.to = LogTo::Syslog;
    else if (setting.value.starts_with('/'))
      log = {LogTo::File, log.level, setting.value};
    else
      bad_value(place, setting, "off, stderr, syslog or the absolute path of a file");
    return true;
  }
  if (setting.key != "log_level") return false;
  if (setting.value == "refusals")
    log.level = LogLevel::Refusals;
  else if (setting.value == "info")
    log.level = LogLevel::All;
  else
    bad_value(place, setting, "refusals or info");
  return true;
}

/// Said of a rule, not of its connections. False where `setting` is no such thing.
bool set_condition(Rule& rule, const Setting& setting, const std::string& place) {
  if (setting.key == "programs") {
    rule.programs = entries_of(setting.value);
    if (rule.programs.empty()) bad_value(place, setting, "a list of file names of programs");
    return true;
  }
  if (setting.key == "hosts") {
    for (const std::string& entry : entries_of(setting.value)) {
      const auto pattern = HostPattern::from_text(entry);
      if (!pattern)
        bad_value(place, {setting.key, entry},
                  "a host: name, *.name, * or address, each with or without :port");
      rule.hosts.push_back(*pattern);
    }
    if (rule.hosts.empty()) bad_value(place, setting, "a list of hosts");
    return true;
  }
  if (setting.key == "host") {
    if (setting.value.empty()) bad_value(place, setting, "a host name");
    rule.host = setting.value;
    return true;
  }
  if (setting.key != "port") return false;
  const auto port = port_from_text(setting.value);
  if (!port) bad_value(place, setting, "a port from 1 to 65535");
  rule.port = *port;
  return true;
}

bool is_for_connections(const std::string& key) {
  return std::find(keys_of_connections.begin(), keys_of_connections.end(), key) != keys_of_connections.end();
}

std::string keys_of_rules() {
  std::string list = "programs hosts host port";
  for (const std::string_view key : keys_of_connections) list += " " + std::string(key);
  return list;
}

Settings copy_for_connections(const danelaw_settings* settings) {
  Settings copy = new_settings();
  for (const std::string_view key : keys_of_connections) {
    const std::string name(key);
    set(*copy, {name, danelaw_settings_get(settings, name.c_str())}, "built in");
  }
  return copy;
}

/// A rule starts from what the main section says of connections.
Rule understand_rule(const Section& section, const danelaw_settings* main, const std::string& origin) {
  const std::string place = where(origin, section);
  Rule rule;
  rule.settings = copy_for_connections(main);
  for (const Setting& setting : section.settings) {
    if (set_condition(rule, setting, place)) continue;
    if (!is_for_connections(setting.key))
      throw BadConfiguration(place + ": \"" + setting.key +
                             "\" is no setting of a rule; there are: " + keys_of_rules());
    set(*rule.settings, setting, place);
  }
  if (rule.programs.empty() && rule.hosts.empty())
    throw BadConfiguration(place + ": a rule says which `programs` or `hosts` it is for");
  return rule;
}

enum class Strictness { Off, Opportunistic, Mandatory };

Strictness strictness_of(const Rule& rule) {
  const std::string_view mode = danelaw_settings_get(rule.settings.get(), "mode");
  if (mode == "mandatory") return Strictness::Mandatory;
  return mode == "off" ? Strictness::Off : Strictness::Opportunistic;
}

/// The stricter value of what says how a peer is verified, whatever the mode.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> strict_values{
    {{"verify_none", "enforce"}, {"dane_ee_names", "check"}, {"insecure_ignore_lookup_errors", "no"}}};

/// Null where nobody says anything more strictly than the rule itself.
Settings stricter_settings(const Rule& rule, const std::vector<const Rule*>& others) {
  Settings made;
  for (const auto& strict : strict_values) {
    const std::string name(strict.first);
    const std::string_view value = strict.second;
    const auto is_strict = [&](const Rule* one) {
      return danelaw_settings_get(one->settings.get(), name.c_str()) == value;
    };
    if (is_strict(&rule) || std::none_of(others.begin(), others.end(), is_strict)) continue;
    if (made == nullptr) made = copy_for_connections(rule.settings.get());
    set(*made, {name, std::string(value)}, "built in");
  }
  return made;
}

}  // namespace

Text read_section(const CONF* conf, const std::string& name, const std::string& origin) {
  const Marked marked;
  auto main = section_of(conf, name);
  if (!main) throw BadConfiguration(origin + ": there is no section [" + name + "]");
  Text text{origin, *std::move(main), {}};
  const std::string* rules = find(text.main, "rules");
  if (rules == nullptr) return text;
  for (const std::string& rule : entries_of(*rules)) {
    auto section = section_of(conf, rule);
    if (!section)
      throw BadConfiguration(where(origin, text.main) + ": rules: there is no section [" + rule + "]");
    text.rules.push_back(*std::move(section));
  }
  return text;
}

Text read_file(const std::string& path) {
  const Marked marked;
  require_regular_file(path);
  const Conf conf = new_conf();
  long line = 0;
  if (NCONF_load(conf.get(), path.c_str(), &line) <= 0)
    throw BadConfiguration(path + ": " + openssl_says(line));
  Text text = read_whole(conf.get(), path);
  if (text.main.settings.empty()) throw BadConfiguration(path + ": there is no setting in it");
  return text;
}

Text read_lines(std::string_view lines, const std::string& origin) {
  const Marked marked;
  const Conf conf = new_conf();
  const Bio bio(BIO_new_mem_buf(lines.data(), static_cast<int>(lines.size())));
  if (bio == nullptr) throw std::bad_alloc();
  long line = 0;
  if (NCONF_load_bio(conf.get(), bio.get(), &line) <= 0)
    throw BadConfiguration(origin + ": " + openssl_says(line));
  return read_whole(conf.get(), origin);
}

Fit Rule::fit(std::string_view program, const Peer& peer) const {
  const bool program_fits =
      programs.empty() || std::find(programs.begin(), programs.end(), program) != programs.end();
  if (!program_fits) return Fit::No;
  if (hosts.empty()) return Fit::Certain;
  Fit best = Fit::No;
  for (const HostPattern& pattern : hosts) best = std::max(best, pattern.fit(peer));
  return best;
}

Configuration Configuration::understand(const Text& text, const std::vector<Setting>& lines) {
  Configuration made;
  made.m_otherwise.settings = new_settings();
  made.m_resolver = new_settings();
  std::vector<std::pair<Setting, std::string>> all;
  for (const Setting& setting : text.main.settings) all.emplace_back(setting, where(text.origin, text.main));
  for (const Setting& setting : lines) all.emplace_back(setting, "DANELAW_SETTINGS");
  for (const auto& [setting, place] : all) {
    if (setting.key == "rules" || setting.key == path_of_module) continue;
    if (set_log(made.m_log, setting, place)) continue;
    set(*made.m_otherwise.settings, setting, place);
    set(*made.m_resolver, setting, place);
  }
  for (const Section& section : text.rules)
    made.m_rules.push_back(understand_rule(section, made.m_otherwise.settings.get(), text.origin));
  if (made.offers_chains()) set(*made.m_resolver, {"dnssec_chain", "on"}, "built in");
  return made;
}

bool Configuration::offers_chains() const {
  const auto offers = [](const Rule& rule) {
    return std::strcmp(danelaw_settings_get(rule.settings.get(), "dnssec_chain"), "on") == 0;
  };
  return offers(m_otherwise) || std::any_of(m_rules.begin(), m_rules.end(), offers);
}

Choice Configuration::rule_for(std::string_view program, const Peer& peer) const {
  const Rule* certain = &m_otherwise;
  std::vector<const Rule*> possible;
  for (const Rule& rule : m_rules) {
    const Fit fit = rule.fit(program, peer);
    if (fit == Fit::Maybe) possible.push_back(&rule);
    if (fit != Fit::Certain) continue;
    certain = &rule;
    break;
  }
  const Rule* strictest = certain;
  for (auto rule = possible.rbegin(); rule != possible.rend(); ++rule) {
    const Strictness standing = strictness_of(*strictest);
    const Strictness strictness = strictness_of(**rule);
    if (strictness > standing || (strictness == standing && strictest != certain)) strictest = *rule;
  }
  possible.push_back(certain);
  return {*strictest, stricter_settings(*strictest, possible)};
}

}  // namespace danelaw::plugin
