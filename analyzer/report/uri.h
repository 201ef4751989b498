// Paths of files as URIs (RFC 3986).
//
// Promises: pure; the result is a valid URI reference whatever bytes the path has: all but unreserved
// characters and slashes is percent-encoded. A path is taken as it is written, with `.` and `..` worked in;
// no file is looked at.
#pragma once

#include <string>
#include <string_view>

namespace gordian::report {

struct FileUri {
  std::string uri;
  bool is_below_root = false;  // then `uri` is relative to the root
};

// `root` is an absolute directory, or empty for none. A path that is neither below it nor absolute comes out
// as a relative reference.
FileUri file_uri(const std::string& path, const std::string& root);

// The path that a URI of ours stands for: without `file://`, and with its bytes decoded.
std::string path_from_uri(std::string_view uri);

// The URI of a directory: ends in a slash.
std::string directory_uri(const std::string& path);

}  // namespace gordian::report
