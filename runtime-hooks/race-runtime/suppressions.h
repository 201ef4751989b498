// What the program and its user have said to ThreadSanitizer about races that are known: the text of
// __tsan_default_suppressions and the file of TSAN_OPTIONS=suppressions=FILE.
//
// Names are put on addresses by the reader of the record, so it is the reader who compares them: the text is
// kept beside the record, as PID.suppressions, from the first race on. Told on stderr, where nobody follows
// the process, is every race.
#pragma once

namespace gordian::hooks::races {

void keep_suppressions();

}  // namespace gordian::hooks::races
