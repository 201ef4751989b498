// The files under page/, as the build found them (page/embed.cmake).
#pragma once

#include <string_view>

namespace gordian::report {

extern const std::string_view kPictureStyle;  // the palette, and how pictures look
extern const std::string_view kPageStyle;     // that, and the rest of the page
extern const std::string_view kPageScript;

// As a Content-Security-Policy names them.
extern const std::string_view kPageStyleHash;
extern const std::string_view kPageScriptHash;

}  // namespace gordian::report
