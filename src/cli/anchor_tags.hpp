// Which keys a file of trust anchors names: key tags of its DS and DNSKEY records. The library judges the file; this only
// tells people what is in it.
#pragma once

#include <set>
#include <string>

namespace danelaw::cli {

/// Of the root's DS and DNSKEY records in the file, or in the files of a folder.
[[nodiscard]] std::set<unsigned> root_key_tags(const std::string& path);

/// The same of text.
[[nodiscard]] std::set<unsigned> root_key_tags_of_text(const std::string& text);

}  // namespace danelaw::cli
