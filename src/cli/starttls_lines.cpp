#include <strings.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "starttls_dialogues.hpp"

namespace danelaw::cli {
namespace {

/// First word of `line`, and the line without it.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool has_word(std::string_view line, std::string_view wanted) {
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
    if (same_word(word, wanted)) return true;
  }
  return false;
}

struct Reply {
  std::string code;
  std::vector<std::string> lines;  ///< without the code
};

bool has_code(const std::string& line) {
  return line.size() >= 3 && std::isdigit(static_cast<unsigned char>(line[0])) != 0 &&
         std::isdigit(static_cast<unsigned char>(line[1])) != 0 &&
         std::isdigit(static_cast<unsigned char>(line[2])) != 0;
}

enum class Continuation {
  SameCode,  ///< RFC 5321 section 4.2: every line carries the code
  Any,       ///< RFC 959 section 4.2: only the last line has to
};

Reply read_reply(Wire& wire, Continuation continuation) {
  Reply reply;
  for (;;) {
    const std::string line = wire.read_line();
    if (reply.code.empty() && !has_code(line)) throw WireError("this is not the protocol's reply: " + line);
    if (reply.code.empty()) reply.code = line.substr(0, 3);
    const bool same_code = line.starts_with(reply.code);
    const char separator = same_code && line.size() > 3 ? line[3] : ' ';
    if (!same_code && continuation == Continuation::SameCode)
      throw WireError("the reply's codes differ: " + line);
    reply.lines.push_back(line.substr(std::min<std::size_t>(same_code ? 4 : 0, line.size())));
    if (same_code && separator == ' ') return reply;
    if (same_code && separator != '-' && continuation == Continuation::SameCode) {
      throw WireError("this is not the protocol's reply: " + line);
    }
  }
}

Reply expect(Wire& wire, std::string_view code, Continuation continuation) {
  Reply reply = read_reply(wire, continuation);
  if (reply.code != code) throw WireError("the server says " + reply.code + " " + reply.lines.back());
  return reply;
}

/// True where a line begins with the keyword.
bool offers(const std::vector<std::string>& capabilities, std::string_view wanted) {
  return std::any_of(capabilities.begin(), capabilities.end(),
                     [wanted](std::string_view line) { return same_word(take_word(line), wanted); });
}

/// Reads to the line that answers the command `tag`; returns the untagged ones before it.
std::vector<std::string> read_imap_response(Wire& wire, std::string_view tag, std::string& result) {
  std::vector<std::string> untagged;
  for (;;) {
    std::string line = wire.read_line();
    std::string_view rest = line;
    if (take_word(rest) == tag) {
      result = rest;
      return untagged;
    }
    if (!line.starts_with("* ")) throw WireError("this is not IMAP: " + line);
    untagged.push_back(std::move(line));
  }
}

bool is_ok(std::string_view result) { return same_word(take_word(result), "OK"); }

std::vector<std::string> read_pop3_list(Wire& wire) {
  std::vector<std::string> lines;
  for (;;) {
    std::string line = wire.read_line();
    if (line == ".") return lines;
    lines.push_back(std::move(line));
  }
}

}  // namespace

void smtp_dialogue(Wire& wire, const std::string&) {
  (void)expect(wire, "220", Continuation::SameCode);
  wire.send("EHLO " + wire.own_address_literal() + "\r\n");
  Reply capabilities = expect(wire, "250", Continuation::SameCode);
  capabilities.lines.erase(capabilities.lines.begin());  // the server's name (RFC 5321 section 4.1.1.1)
  if (!offers(capabilities.lines, "STARTTLS")) throw not_offered();
  wire.send("STARTTLS\r\n");
  const Reply reply = read_reply(wire, Continuation::SameCode);
  if (reply.code != "220") throw refused(reply.code + " " + reply.lines.back());
}

void imap_dialogue(Wire& wire, const std::string&) {
  const std::string greeting = wire.read_line();
  // PREAUTH: already authenticated, where STARTTLS is no longer possible.
  if (!has_word(greeting.substr(0, 5), "OK") || !greeting.starts_with("* ")) throw refused(greeting);
  std::string result;
  wire.send("a1 CAPABILITY\r\n");
  const std::vector<std::string> untagged = read_imap_response(wire, "a1", result);
  bool offered = false;
  for (std::string_view line : untagged) {
    take_word(line);
    offered = offered || (same_word(take_word(line), "CAPABILITY") && has_word(line, "STARTTLS"));
  }
  if (!is_ok(result) || !offered) throw not_offered();
  wire.send("a2 STARTTLS\r\n");
  (void)read_imap_response(wire, "a2", result);
  if (!is_ok(result)) throw refused(result);
}

void pop3_dialogue(Wire& wire, const std::string&) {
  const std::string greeting = wire.read_line();
  if (!greeting.starts_with("+OK")) throw WireError("the server says " + greeting);
  wire.send("CAPA\r\n");
  if (!wire.read_line().starts_with("+OK") || !offers(read_pop3_list(wire), "STLS")) throw not_offered();
  wire.send("STLS\r\n");
  const std::string reply = wire.read_line();
  if (!reply.starts_with("+OK")) throw refused(reply);
}

void ftp_dialogue(Wire& wire, const std::string&) {
  Reply greeting = read_reply(wire, Continuation::Any);
  if (greeting.code == "120") greeting = read_reply(wire, Continuation::Any);  // "ready in nnn minutes"
  if (greeting.code != "220")
    throw WireError("the server says " + greeting.code + " " + greeting.lines.back());
  // RFC 4217 section 4: the command may be sent unasked; its reply is the offer.
  wire.send("AUTH TLS\r\n");
  const Reply reply = read_reply(wire, Continuation::Any);
  if (reply.code != "234") throw refused(reply.code + " " + reply.lines.back());
}

}  // namespace danelaw::cli
