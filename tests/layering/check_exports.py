#!/usr/bin/env python3
"""What the libraries show to the program that they are loaded into, and what they ask for.

    check_exports.py SOURCE_TREE DIRECTORY_OF_THE_LIBRARIES

The names that a library defines for others are exactly those of runtime-hooks/exports.map, each is defined in exactly
one file under runtime-hooks/interpose, and the library needs libc and the dynamic linker alone. The one that looks for
races has those of race-sampler/exports.map besides, and needs the decoder. While at it: no file
of the tree names a path of somebody's machine.
"""

import collections
import fnmatch
import os
import re
import subprocess
import sys

LIBRARIES = ("libgordian-hooks.so", "libgordian-trace-hooks.so")
TSAN_LIBRARIES = (os.path.join("tsan", "libtsan.so.2"), os.path.join("tsan", "trace", "libtsan.so.2"))
TSAN_MAP = os.path.join("race-runtime", "exports.map")
NEEDED = {"libc.so.6", "the dynamic linker"}
RACE_LIBRARY = "libgordian-race-hooks.so"  # built where its processor is
# Directories in which people have their own files.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|workspace|Users|mnt|data)/[\w.-]+")


def names_in_map(text):
    text = re.sub(r"#.*|/\*.*?\*/", "", text)
    names = re.search(r"global:(.*?)local:\s*\*;", text, re.DOTALL).group(1)
    return [name.strip() for name in names.split(";") if name.strip()]


def exported_names(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return [line.split()[-1] for line in lines.splitlines() if line.strip()]


def needed_libraries(library):
    text = subprocess.run(["readelf", "-d", "-W", library], check=True, capture_output=True, text=True).stdout
    names = re.findall(r"\(NEEDED\).*\[(.*?)\]", text)
    return {"the dynamic linker" if name.startswith("ld-linux") else name for name in names}


def closing(text, opening):
    """The place after the parenthesis that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def defined_names(text):
    """Functions of C linkage that have a body, by the names that the linker sees."""
    text = without_comments(text)
    labels = dict(re.findall(r"(\w+)\([^;{}()]*\)\s*asm\(\"(\w+)\"\)\s*;", text))
    blocks = re.split(r"^extern \"C\" \{", text, flags=re.MULTILINE)[1:]
    blocks += re.findall(r"^extern \"C\" (?!\{)([^{;]*[{;])", text, flags=re.MULTILINE)
    found = []
    for block in blocks:
        for match in re.finditer(r"^(?!\s)[\w\[\]: \t*&]*?[\s*&](\w+)\(", block, flags=re.MULTILINE):
            rest = block[closing(block, match.end() - 1) :]
            if re.match(r"[^;{}]*\{", rest):
                found.append(labels.get(match.group(1), match.group(1)))
    return found


def check_definitions(root, names):
    where = collections.defaultdict(list)
    directory = os.path.join(root, "runtime-hooks", "interpose")
    for file_name in sorted(os.listdir(directory)):
        if file_name.endswith(".cpp"):
            with open(os.path.join(directory, file_name), encoding="utf-8") as file:
                for name in defined_names(file.read()):
                    where[name].append(file_name)
    wrong = []
    for name in names:
        if len(where[name]) != 1:
            wrong.append(f"{name} is defined in {', '.join(where[name]) or 'no file'} of runtime-hooks/interpose, not in exactly one")
    for name in sorted(set(where) - set(names)):
        if where[name]:
            wrong.append(f"{name} is defined in {where[name][0]} as a hook and is not in exports.map")
    return wrong


def check_library(path, listed, needed):
    name_of = os.path.basename(path)
    exported = exported_names(path)
    wrong = [f"{name} is in exports.map and not exported by {name_of}" for name in sorted(set(listed)) if not fnmatch.filter(exported, name)]
    patterns = [name for name in listed if "*" in name]
    unlisted = [name for name in sorted(set(exported) - set(listed)) if not any(fnmatch.fnmatchcase(name, each) for each in patterns)]
    wrong += [f"{name} is exported by {name_of} and not in exports.map" for name in unlisted]
    for name in sorted(needed_libraries(path) - needed):
        wrong.append(f"{name_of} needs {name}; only {', '.join(sorted(needed))} are allowed")
    return wrong


def check_libraries(root, directory):
    def names_in(*path):
        with open(os.path.join(root, "runtime-hooks", *path), encoding="utf-8") as file:
            return names_in_map(file.read())

    listed = names_in("exports.map")
    of_races = names_in("race-sampler", "exports.map")
    wrong = [f"{name} is twice in exports.map" for name, count in collections.Counter(listed).items() if count > 1]
    for library in LIBRARIES:
        wrong += check_library(os.path.join(directory, library), listed, NEEDED)
    if os.path.exists(os.path.join(directory, RACE_LIBRARY)):
        decoder = {name for name in needed_libraries(os.path.join(directory, RACE_LIBRARY)) if "Zy" in name}
        wrong += check_library(os.path.join(directory, RACE_LIBRARY), listed + of_races, NEEDED | decoder)
    return wrong + check_definitions(root, listed) + check_tsan_library(root, directory, listed)


def check_tsan_library(root, directory, hooks):
    """It shows the hooks, all of them, and what compiled code and annotations call; each once."""
    with open(os.path.join(root, "runtime-hooks", TSAN_MAP), encoding="utf-8") as file:
        listed = names_in_map(file.read())
    wrong = [f"{name} is twice in {TSAN_MAP}" for name, count in collections.Counter(listed).items() if count > 1]
    wrong += [f"{name} is in exports.map and not in {TSAN_MAP}" for name in sorted(set(hooks) - set(listed))]
    for path in (os.path.join(directory, library) for library in TSAN_LIBRARIES):
        wrong += check_library(path, listed, NEEDED) if os.path.exists(path) else []
    return wrong


def files_of_tree(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [name for name in listed.stdout.split("\0") if name]
    found = []
    for directory, children, names in os.walk(root):
        children[:] = [child for child in children if not child.startswith((".git", "build"))]
        found += [os.path.relpath(os.path.join(directory, name), root) for name in names]
    return found


def machine_paths(text, root):
    return {match.group(0) for match in MACHINE_PATH.finditer(text)} | ({root} if root in text else set())


def check_paths(root):
    wrong = []
    for name in files_of_tree(root):
        try:
            with open(os.path.join(root, name), encoding="utf-8") as file:
                text = file.read()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        wrong += [f"{name}: names {path}, a path of one machine" for path in sorted(machine_paths(text, root))]
    return wrong


def self_test():
    """The checks are worth something only if they see what they are for."""
    failures = []
    source = 'namespace { int helper(int a) { return a; } }\nextern "C" {\n' \
             'int one(int (*f)(void*),\n        int b) noexcept {\n  return two(f);\n}\nvoid declared(int);\n' \
             'int* three(void) { return 0; }\n}  // extern "C"\n' \
             'extern "C" long ours(long a) asm("theirs");\nextern "C" long ours(long a) { return a; }\n'
    if defined_names(source) != ["one", "three", "theirs"]:
        failures.append(f"self-test: found the definitions {defined_names(source)}")
    if names_in_map("{ global:\n  a;  # why\n  b;\n local: *; };") != ["a", "b"]:
        failures.append("self-test: the map is not read")
    somebodys = "/".join(["", "home", "somebody", "tree"])
    if not machine_paths(f"see {somebodys}/x", "/nowhere-else"):
        failures.append("self-test: a machine path is not seen")
    if machine_paths("/dev/shm/x /usr/lib/y docs/home/index.md", "/nowhere-else"):
        failures.append("self-test: a common path is taken for a machine path")
    return failures


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root = os.path.realpath(sys.argv[1])
    wrong = self_test() + check_libraries(root, sys.argv[2]) + check_paths(root)
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
