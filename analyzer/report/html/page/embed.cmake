# Writes the style and the script of the page as C++ text, with the hashes by which the page's policy admits them:
#   cmake -DDIRECTORY=... -DOUTPUT=... -P embed.cmake

# The base64 of a hash in hexadecimal, 256 bits: ten times three bytes and two more, padded.
function(base64 hex result)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  set(text "")
  foreach(at RANGE 0 57 6)
    string(SUBSTRING "${hex}" ${at} 6 digits)
    math(EXPR bits "0x${digits}")
    foreach(shift 18 12 6 0)
      math(EXPR index "(${bits} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${index} 1 letter)
      string(APPEND text "${letter}")
    endforeach()
  endforeach()
  string(SUBSTRING "${hex}" 60 4 digits)
  math(EXPR bits "0x${digits} << 2")
  foreach(shift 12 6 0)
    math(EXPR index "(${bits} >> ${shift}) & 63")
    string(SUBSTRING "${alphabet}" ${index} 1 letter)
    string(APPEND text "${letter}")
  endforeach()
  set(${result} "${text}=" PARENT_SCOPE)
endfunction()

file(READ ${DIRECTORY}/picture.css picture_style)
file(READ ${DIRECTORY}/page.css page_style)
file(READ ${DIRECTORY}/page.js script)
set(style "${picture_style}${page_style}")
string(SHA256 style_hash "${style}")
string(SHA256 script_hash "${script}")
base64(${style_hash} style_hash)
base64(${script_hash} script_hash)

# The length of one literal is limited by the standard to 65536 characters, by the compilers to far more.
file(WRITE ${OUTPUT} "#include \"analyzer/report/html/page_parts.h\"

namespace gordian::report {

const std::string_view kPictureStyle = R\"gordian(${picture_style})gordian\";
const std::string_view kPageStyle = R\"gordian(${style})gordian\";
const std::string_view kPageScript = R\"gordian(${script})gordian\";
const std::string_view kPageStyleHash = \"sha256-${style_hash}\";
const std::string_view kPageScriptHash = \"sha256-${script_hash}\";

}  // namespace gordian::report
")
