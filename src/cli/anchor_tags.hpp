// Which keys a file of trust anchors names: key tags of its DS and DNSKEY records. The library judges the file; this only
// tells people what is in it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace danelaw::cli {

/// Of the root's DS and DNSKEY records in the file, or in the files of a folder.
[[nodiscard]] std::set<unsigned> root_key_tags(const std::string& path);

/// RFC 4034 appendix B, of a DNSKEY's RDATA.
[[nodiscard]] unsigned key_tag(const std::vector<std::uint8_t>& rdata);

/// The same of text.
[[nodiscard]] std::set<unsigned> root_key_tags_of_text(const std::string& text);

}  // namespace danelaw::cli
