# Writes the pages of the rules as C++ text:
#   cmake -DDIRECTORY=... -DOUTPUT=... -P rule_pages.cmake
file(GLOB pages ${DIRECTORY}/*.md)
set(text "#include \"analyzer/report/rule_pages.h\"

namespace gordian::report {

std::string_view rule_page_source(std::string_view rule) {
")
foreach(path IN LISTS pages)
  get_filename_component(rule ${path} NAME_WE)
  file(READ ${path} page)
  string(APPEND text "  if (rule == \"${rule}\") return R\"gordian(${page})gordian\";\n")
endforeach()
file(WRITE ${OUTPUT} "${text}  return {};
}

}  // namespace gordian::report
")
