#include "output.hpp"

#include <cstdio>

#include "failure.hpp"

namespace danelaw::policyd {

void print_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw Failure(Exit::Undecided,
                "standard output could not be written: is the disk full, or its reader gone?");
}

}  // namespace danelaw::policyd
