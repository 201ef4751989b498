#!/usr/bin/env python3
"""Reads the #include lines of the sources and fails on any arrow between layers that the design does not allow.

    check_includes.py SOURCE_TREE
    check_includes.py --self-test

A layer is a directory under analyzer/, or runtime-hooks/ as a whole. LAYERS says what each may include besides itself;
a layer that is not in the table may include nothing, so that a new one has to be thought about here first.
"""

import os
import re
import sys

EVERYTHING = frozenset({"record", "model", "verdict", "predict", "finding", "symbols", "capture", "report", "static-pass"})
LAYERS = {
    "record": frozenset(),
    "finding": frozenset(),
    "model": frozenset({"record"}),
    "verdict": frozenset({"record", "model", "finding"}),
    "predict": frozenset({"record", "model", "verdict", "finding"}),
    "symbols": frozenset({"finding"}),
    "capture": frozenset({"record", "model", "verdict", "finding", "symbols"}),
    "static-pass": frozenset({"finding"}),
    "report": frozenset({"finding", "symbols"}),
    "cli": EVERYTHING,
    "runtime-hooks": frozenset({"record", "model", "verdict"}),
}

# Libraries that only some layers may see. A layer in NEVER_REACHES must not get there through others' headers either.
LIBRARIES = {
    "boost": frozenset({"model", "verdict"}),
    "clang": frozenset({"static-pass"}),
    "clang-c": frozenset({"static-pass"}),
    "llvm": frozenset({"static-pass"}),
}
NEVER_REACHES = {
    "report": frozenset({"boost", "clang", "clang-c", "llvm"}),
    "record": frozenset({"boost", "clang", "clang-c", "llvm"}),
    "finding": frozenset({"boost", "clang", "clang-c", "llvm"}),
}

INCLUDE = re.compile(r"^\s*#\s*include\s*(?:\"([^\"]+)\"|<([^>]+)>)", re.MULTILINE)


def layer_of(path):
    parts = path.split("/")
    if parts[0] == "runtime-hooks":
        return "runtime-hooks"
    if parts[0] == "analyzer" and len(parts) > 2:
        return parts[1]
    return None


def includes_of(text):
    """(the quoted ones, the ones in angle brackets)"""
    found = INCLUDE.findall(text)
    return [quoted for quoted, _ in found if quoted], [angled for _, angled in found if angled]


def reached_libraries(path, sources, seen):
    """Library -> the file that includes it, for all that `path` includes, directly or not."""
    reached = {}
    if path in seen or path not in sources:
        return reached
    seen.add(path)
    quoted, angled = includes_of(sources[path])
    for header in angled:
        reached.setdefault(header.split("/")[0], path)
    for header in quoted:
        for library, by in reached_libraries(header, sources, seen).items():
            reached.setdefault(library, by)
    return reached


def wrong_arrows(sources):
    """`sources` maps a path from the root of the tree to its text. Returns sentences."""
    wrong = []
    for path, text in sorted(sources.items()):
        layer = layer_of(path)
        if layer is None:
            wrong.append(f"{path}: belongs to no layer")
            continue
        if layer not in LAYERS:
            wrong.append(f"{path}: the layer {layer} is not in the table of {os.path.basename(__file__)}")
            continue
        quoted, angled = includes_of(text)
        for header in quoted:
            if header not in sources:
                wrong.append(f"{path}: \"{header}\" is not a path from the root of the tree")
                continue
            target = layer_of(header)
            if target != layer and target not in LAYERS[layer]:
                wrong.append(f"{path}: {layer} may not include {target} (\"{header}\")")
        for header in angled:
            library = header.split("/")[0]
            if library in LIBRARIES and layer not in LIBRARIES[library]:
                wrong.append(f"{path}: {layer} may not include {library} (<{header}>)")
        for library, by in reached_libraries(path, sources, set()).items():
            if library in NEVER_REACHES.get(layer, ()) and by != path:
                wrong.append(f"{path}: {layer} may never see {library}, and does through {by}")
    return wrong


def read_sources(root):
    sources = {}
    for top in ("analyzer", "runtime-hooks"):
        for directory, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".h", ".cpp", ".c", ".inc")):
                    path = os.path.join(directory, name)
                    with open(path, encoding="utf-8") as file:
                        sources[os.path.relpath(path, root)] = file.read()
    return sources


SELF_TEST = [
    # path, an include, and the word that the complaint has; None where it is allowed
    ("analyzer/model/new.cpp", '#include "analyzer/record/a.h"', None),
    ("analyzer/capture/new.cpp", '#include "analyzer/verdict/a.h"', None),
    ("analyzer/cli/new.cpp", '#include "analyzer/symbols/a.h"', None),
    ("analyzer/verdict/new.cpp", "#include <boost/graph/strong_components.hpp>", None),
    ("runtime-hooks/judge/new.cpp", '#include "analyzer/verdict/a.h"', None),
    ("analyzer/record/new.cpp", '#include "analyzer/model/a.h"', "record may not include model"),
    ("analyzer/report/new.cpp", '#include "analyzer/capture/a.h"', "report may not include capture"),
    ("analyzer/capture/new.cpp", '#include "analyzer/report/a.h"', "capture may not include report"),
    ("analyzer/capture/new.cpp", "  #  include <boost/graph/x.hpp>", "capture may not include boost"),
    ("analyzer/report/new.cpp", "#include <clang/AST/AST.h>", "report may not include clang"),
    ("analyzer/report/new.cpp", '#include "analyzer/symbols/graph.h"', "report may never see boost"),
    ("analyzer/cli/new.cpp", '#include "runtime-hooks/a.h"', "cli may not include runtime-hooks"),
    ("analyzer/capture/new.cpp", '#include "analyzer/cli/a.h"', "capture may not include cli"),
    ("runtime-hooks/new.cpp", '#include "analyzer/finding/a.h"', "runtime-hooks may not include finding"),
    ("analyzer/opinions/new.cpp", '#include "analyzer/record/a.h"', "opinions is not in the table"),
    ("analyzer/cli/new.cpp", '#include "missing.h"', "is not a path from the root"),
]


def self_test():
    tree = {f"analyzer/{layer}/a.h": "" for layer in LAYERS if layer != "runtime-hooks"}
    tree["runtime-hooks/a.h"] = ""
    failures = []
    for path, line, complaint in SELF_TEST:
        sources = dict(tree, **{path: f"// a comment\n{line}\n"})
        if "graph.h" in line:
            sources["analyzer/symbols/graph.h"] = "#include <boost/graph/x.hpp>\n"
        wrong = [sentence for sentence in wrong_arrows(sources) if path in sentence]
        as_expected = not wrong if complaint is None else any(complaint in sentence for sentence in wrong)
        if not as_expected:
            failures.append(f"{path} with {line}: expected {complaint or 'nothing'}, got {wrong or 'nothing'}")
    return failures


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--self-test":
        wrong = self_test()
    else:
        sources = read_sources(sys.argv[1])
        wrong = wrong_arrows(sources) if len(sources) > 50 else [f"{sys.argv[1]} does not look like the source tree"]
        print(f"{len(sources)} files read")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
