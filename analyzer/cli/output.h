// Where text goes: files written whole or not at all, and how a terminal wants it.
//
// Errors: Refusal, one line with the path and the reason.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/report/text_options.h"

namespace gordian::cli {

// Writes beside `path` and renames: a reader sees the old file or the new one, never half of one.
void write_file_atomically(const std::string& path, std::string_view content);

// To standard output, or atomically to the file when `path` is not empty.
void write_output(const std::string& path, std::string_view content);

// Everything at once to standard error; a reader that has gone is no error.
void tell(std::string_view text);

enum class ColourWish { kAuto, kAlways, kNever };

// `descriptor` is where the text will go, -1 for a file.
report::TextOptions text_options_for(int descriptor, ColourWish wish);

// "auto", "always", "never"
ColourWish colour_wish_from(const std::string& name);

// The message of the current errno, without the thread-unsafety of strerror.
std::string error_text(int error_number);

}  // namespace gordian::cli
