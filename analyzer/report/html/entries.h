// The threads and the locks in the page, each with all that is known of it: what a click on its node shows.
//
// Promises: foreign text is escaped. Every thread and lock of the inventory has its entry, under the id that
// links and pictures use.
#pragma once

#include <string>

#include "analyzer/report/html/stacks.h"
#include "analyzer/report/inventory.h"

namespace gordian::report {

std::string html_thread_link(const Inventory& inventory, size_t thread);

// `waits for X, held by Y, for 3 s`, and where.
std::string html_wait(const Inventory::Wait& wait, const Inventory& inventory, HtmlStacks& stacks);

// `holds X`, and where it took it.
std::string html_hold(const Inventory::Hold& hold, const Inventory& inventory, HtmlStacks& stacks);

std::string html_threads(const Inventory& inventory, HtmlStacks& stacks);
std::string html_locks(const Inventory& inventory, HtmlStacks& stacks);

}  // namespace gordian::report
