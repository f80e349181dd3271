#!/usr/bin/env python3
"""Finds circles of files within each target.

    python3 Tests/circles.py [--most N] [--list]

A file depends on another of its target if it names a type that the other declares. Files that depend on each other in a
circle can only be read together. The program prints the largest circle of each target, with --list its files, and
exits with 1 if one has more than N files (default: no limit).
"""

import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate|final|indirect|open)\s+)*"
    r"(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)", re.MULTILINE)


def stripped(text):
    """Code without comments and texts, where a name is no dependency."""
    text = re.sub(r'"""(?:.|\n)*?"""', '""', text)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    text = re.sub(r"/\*(?:.|\n)*?\*/", "", text)
    return re.sub(r"//.*", "", text)


def components(graph):
    """Strongly connected components (Tarjan 1972), without recursion."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        each = stack.pop()
                        on_stack.discard(each)
                        component.append(each)
                        if each == node:
                            break
                    found.append(sorted(component))
    return found


def circles(folder):
    texts = {}
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".swift"):
                path = os.path.join(base, name)
                with open(path, encoding="utf-8") as file:
                    texts[os.path.relpath(path, folder)] = stripped(file.read())
    declared = {}
    for path, text in texts.items():
        for name in DECLARATION.findall(text):
            declared.setdefault(name, set()).add(path)
    graph = {}
    for path, text in texts.items():
        words = set(re.findall(r"\b[A-Z]\w*", text))
        graph[path] = sorted({other for word in words for other in declared.get(word, ()) if path not in declared[word]})
    return len(texts), [each for each in components(graph) if len(each) > 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, help="largest number of files in a circle")
    parser.add_argument("--list", action="store_true", help="print the files of each circle")
    options = parser.parse_args()
    worst = 0
    print(f"{'target':20} {'files':>5} {'circles':>7} {'largest':>7}")
    for target in sorted(os.listdir(os.path.join(ROOT, "Sources"))):
        count, found = circles(os.path.join(ROOT, "Sources", target))
        if not count:
            continue
        largest = max(map(len, found), default=0)
        worst = max(worst, largest)
        print(f"{target:20} {count:5} {len(found):7} {largest:7}")
        if options.list:
            for each in sorted(found, key=len, reverse=True):
                print("    " + ", ".join(each))
    return 1 if options.most is not None and worst > options.most else 0


if __name__ == "__main__":
    sys.exit(main())
