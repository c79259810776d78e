#include "conf_file.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <sys/stat.h>

#include <memory>
#include <new>
#include <string_view>

#include "failure.hpp"
#include "handles.hpp"

namespace danelaw::policyd {
namespace {

using Conf = std::unique_ptr<CONF, Free<NCONF_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

Failure unreadable(const std::string& origin, const std::string& why) {
  return {Exit::Usage, fmt::format("{}: cannot be read{}", origin, why)};
}

/// OpenSSL lists the sections as lines of "[[name]]" among those of the settings.
std::vector<std::string> names_of_sections(const CONF* conf) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || NCONF_dump_bio(conf, bio.get()) <= 0) throw std::bad_alloc();
  char* data = nullptr;
  const long octets = BIO_get_mem_data(bio.get(), &data);
  std::string_view list(data, octets < 0 ? 0 : static_cast<std::size_t>(octets));
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    const std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (line.starts_with("[[") && line.ends_with("]]")) names.emplace_back(line.substr(2, line.size() - 4));
  }
  return names;
}

ConfSections sections_in(BIO* text, const std::string& origin) {
  const Conf conf(NCONF_new(nullptr));
  if (conf == nullptr) throw std::bad_alloc();
  long line = 0;
  const bool is_read = text != nullptr && NCONF_load_bio(conf.get(), text, &line) > 0;
  ERR_clear_error();
  if (!is_read) throw unreadable(origin, line > 0 ? fmt::format(", line {}", line) : "");
  ConfSections sections;
  for (const std::string& name : names_of_sections(conf.get())) {
    std::vector<ConfLine>& lines = sections[name];
    const STACK_OF(CONF_VALUE)* const values = NCONF_get_section(conf.get(), name.c_str());
    for (int i = 0; values != nullptr && i < sk_CONF_VALUE_num(values); ++i) {
      const CONF_VALUE* const value = sk_CONF_VALUE_value(values, i);
      lines.push_back({value->name, value->value == nullptr ? "" : value->value});
    }
  }
  return sections;
}

}  // namespace

ConfSections read_conf_file(const std::string& path) {
  // Before it is opened: a FIFO would be waited for, and a folder be read as nothing.
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) throw unreadable(path, ": there is no such file");
  if (!S_ISREG(found.st_mode)) throw unreadable(path, ": it is no regular file");
  return sections_in(Bio(BIO_new_file(path.c_str(), "r")).get(), path);
}

ConfSections read_conf_text(const std::string& text, const std::string& origin) {
  return sections_in(Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))).get(), origin);
}

}  // namespace danelaw::policyd
