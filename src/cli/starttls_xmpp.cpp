#include <fmt/format.h>

#include <string_view>

#include "starttls_dialogues.hpp"

namespace danelaw::cli {
namespace {

constexpr std::string_view tls_namespace = "urn:ietf:params:xml:ns:xmpp-tls";

/// A `>` in an attribute is legal and rare; a tag full of them is an attempt to keep us busy.
constexpr int most_brackets_in_quotes = 100;

/// True where an attribute's value is still open, so that a `>` would belong to it.
bool inside_quotes(std::string_view tag) {
  char open = '\0';
  for (const char c : tag) {
    if (open == '\0' && (c == '"' || c == '\'')) {
      open = c;
    } else if (c == open) {
      open = '\0';
    }
  }
  return open != '\0';
}

/// One tag, with what text stood before it left out: "<stream:features>", "</stream:features>".
std::string read_tag(Wire& wire) {
  std::string text = wire.read_through('>');
  const std::size_t begin = text.find('<');
  if (begin == std::string::npos) throw WireError("this is not XMPP: " + text);
  text.erase(0, begin);
  for (int more = 0; inside_quotes(text); ++more) {
    if (more == most_brackets_in_quotes) throw WireError("this is not XMPP: a tag that does not end");
    text += wire.read_through('>');
  }
  return text;
}

bool is_closing(std::string_view tag) { return tag.starts_with("</"); }
bool is_empty_element(std::string_view tag) { return tag.ends_with("/>"); }

/// The element's name without its prefix.
std::string_view local_name(std::string_view tag) {
  tag.remove_prefix(is_closing(tag) ? 2 : 1);
  const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_tls(std::string_view tag, std::string_view name) {
  return !is_closing(tag) && local_name(tag) == name && tag.find(tls_namespace) != std::string_view::npos;
}

void read_stream_header(Wire& wire) {
  std::string tag = read_tag(wire);
  if (tag.starts_with("<?")) tag = read_tag(wire);
  if (local_name(tag) != "stream") throw WireError("this is not XMPP: " + tag);
}

bool features_offer_tls(Wire& wire) {
  std::string tag = read_tag(wire);
  if (local_name(tag) != "features") throw WireError("the server says " + tag);
  bool offered = false;
  while (!is_empty_element(tag) || local_name(tag) != "features") {
    tag = read_tag(wire);
    offered = offered || is_tls(tag, "starttls");
    if (is_closing(tag) && local_name(tag) == "features") break;
  }
  return offered;
}

}  // namespace

void xmpp_dialogue(Wire& wire, const std::string& host) {
  wire.send(
      fmt::format("<?xml version='1.0'?><stream:stream to='{}' version='1.0' xml:lang='en' "
                  "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
                  host));
  read_stream_header(wire);
  if (!features_offer_tls(wire)) throw not_offered();
  wire.send(fmt::format("<starttls xmlns='{}'/>", tls_namespace));
  const std::string answer = read_tag(wire);
  if (!is_tls(answer, "proceed")) throw refused(answer);
  if (is_empty_element(answer)) return;
  const std::string end = read_tag(wire);
  if (!is_closing(end) || local_name(end) != "proceed") throw refused(end);
}

}  // namespace danelaw::cli
