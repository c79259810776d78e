#include "base/result.hpp"

namespace danelaw {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::Argument:
      return "argument";
    case Fault::Name:
      return "name";
    case Fault::Port:
      return "port";
    case Fault::Record:
      return "record";
    case Fault::Anchor:
      return "anchor";
    case Fault::Setting:
      return "setting";
    case Fault::Certificate:
      return "certificate";
    case Fault::State:
      return "state";
    case Fault::Lookup:
      return "lookup";
    case Fault::Resource:
      return "resource";
    case Fault::Unsupported:
      return "unsupported";
    case Fault::Internal:
      return "internal";
  }
  return "internal";
}

}  // namespace danelaw
