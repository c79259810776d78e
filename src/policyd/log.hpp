// What the service has to say: lines on standard error, which systemd keeps. Strangers' words are made harmless.
#pragma once

#include <string>
#include <string_view>

namespace danelaw::policyd {

/// `text` with every octet that is not printable ASCII written as \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// "danelaw-policyd: text" on standard error.
void say(std::string_view text);

}  // namespace danelaw::policyd
