#!/usr/bin/env python3
"""What the race runtime copies next to the program works there too (runtime-hooks/race-runtime/near.h).

    check_near.py LIBRARY

Every jump of the section gordian_near stays in it or goes through what is relocated once; it calls nothing; and all that it
reads of the library by its place lies where that is.
"""

import re
import subprocess
import sys


def relocated_once(library):
    text = subprocess.run(["readelf", "-lW", library], check=True, capture_output=True, text=True).stdout
    _, low, _, _, size = re.search(r"GNU_RELRO((?:\s+0x[0-9a-f]+){5})", text).group(1).split()
    return range(int(low, 16), int(low, 16) + int(size, 16))


def main():
    library = sys.argv[1]
    constant = relocated_once(library)
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", "-j", "gordian_near", library], check=True, capture_output=True,
                          text=True).stdout
    lines = [(int(place, 16), rest) for place, rest in re.findall(r"^\s+([0-9a-f]+):\t(.*)$", text, re.MULTILINE)]
    section = range(lines[0][0], lines[-1][0] + 16)
    wrong = []
    for place, instruction in lines:
        operation = instruction.split()[0]
        by_place = re.search(r"# ([0-9a-f]+)", instruction)
        target = re.match(r"j\w+\s+([0-9a-f]+) <", instruction)
        if operation.startswith("call"):
            wrong.append((place, "calls", instruction))
        elif by_place and int(by_place.group(1), 16) not in constant:
            wrong.append((place, "reads what is not copied", instruction))
        elif target and int(target.group(1), 16) not in section:
            wrong.append((place, "jumps out", instruction))
    for place, what, instruction in wrong:
        print(f"{place:x} {what}: {instruction}")
    if len(lines) < 100:
        print(f"gordian_near has {len(lines)} instructions only")
    return 1 if wrong or len(lines) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
