#include "capi/errors.hpp"

#include <algorithm>
#include <cstring>

namespace danelaw::capi {

int code_of(Fault fault) {
  switch (fault) {
    case Fault::Argument:
      return DANELAW_ERR_ARGUMENT;
    case Fault::Name:
      return DANELAW_ERR_NAME;
    case Fault::Port:
      return DANELAW_ERR_PORT;
    case Fault::Record:
      return DANELAW_ERR_RECORD;
    case Fault::Anchor:
      return DANELAW_ERR_ANCHOR;
    case Fault::Setting:
      return DANELAW_ERR_SETTING;
    case Fault::Certificate:
      return DANELAW_ERR_CERTIFICATE;
    case Fault::State:
      return DANELAW_ERR_STATE;
    case Fault::Lookup:
      return DANELAW_ERR_LOOKUP;
    case Fault::Resource:
      return DANELAW_ERR_RESOURCE;
    case Fault::Unsupported:
      return DANELAW_ERR_UNSUPPORTED;
    case Fault::Internal:
      return DANELAW_ERR_INTERNAL;
  }
  return DANELAW_ERR_INTERNAL;
}

int report(danelaw_problem* problem, int code, std::string_view text) {
  if (problem == nullptr) return code;
  problem->code = code;
  std::size_t length = std::min(text.size(), sizeof problem->text - 1);
  // Cut between UTF-8 characters, not inside one.
  while (length < text.size() && length > 0 && (text[length] & '\xC0') == '\x80') --length;
  std::memcpy(problem->text, text.data(), length);
  problem->text[length] = '\0';
  return code;
}

int report(danelaw_problem* problem, const Problem& what) {
  return report(problem, code_of(what.fault), what.text);
}

}  // namespace danelaw::capi

const char* danelaw_version(void) { return DANELAW_VERSION; }

const char* danelaw_error_name(int code) {
  switch (code) {
    case DANELAW_OK:
      return "ok";
    case DANELAW_ERR_ARGUMENT:
      return "argument";
    case DANELAW_ERR_NAME:
      return "name";
    case DANELAW_ERR_PORT:
      return "port";
    case DANELAW_ERR_RECORD:
      return "record";
    case DANELAW_ERR_ANCHOR:
      return "anchor";
    case DANELAW_ERR_SETTING:
      return "setting";
    case DANELAW_ERR_CERTIFICATE:
      return "certificate";
    case DANELAW_ERR_STATE:
      return "state";
    case DANELAW_ERR_LOOKUP:
      return "lookup";
    case DANELAW_ERR_RESOURCE:
      return "resource";
    case DANELAW_ERR_UNSUPPORTED:
      return "unsupported";
    case DANELAW_ERR_PENDING:
      return "pending";
    case DANELAW_ERR_INTERNAL:
      return "internal";
    default:
      return "unknown";
  }
}
