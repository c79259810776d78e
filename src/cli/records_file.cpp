#include "records_file.hpp"

#include <fmt/format.h>

#include <new>
#include <string_view>

#include "exit.hpp"
#include "files.hpp"

namespace danelaw::cli {
namespace {

/// The line without its comment. A backslash before the `#` is RFC 3597's generic form, not a comment.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = line.find('#'); i != std::string_view::npos; i = line.find('#', i + 1)) {
    if (i == 0 || line[i - 1] != '\\') return line.substr(0, i);
  }
  return line;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

void add_line(danelaw_records& records, std::string_view line, const std::string& where) {
  if (line.find('\0') != std::string_view::npos) throw usage(fmt::format("{}: not a text file", where));
  const std::string text(line.substr(0, line.find_last_not_of(" \t\r") + 1));
  danelaw_problem problem{};
  if (danelaw_records_add_text(&records, text.c_str(), &problem) == DANELAW_OK) return;
  throw usage(fmt::format("{}: {}", where, problem.text));
}

}  // namespace

Records read_records_file(const std::string& path) {
  const std::string text = read_file(path, max_records_file_octets, "a file of records");
  Records records(danelaw_records_new());
  if (records == nullptr) throw std::bad_alloc();
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = without_comment(rest.substr(0, end));
    if (!is_blank(line)) add_line(*records, line, fmt::format("{}:{}", path, number));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return records;
}

}  // namespace danelaw::cli
