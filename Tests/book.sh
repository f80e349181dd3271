#!/usr/bin/env bash
# bash Tests/book.sh [FOLDER]: builds the book as a static website, by default in .build/book, with the toolchain's docc.
#
# The pages are Markdown for code hosts: links between them name files and headings as hosts write them. For DocC they
# become `doc:` links, the first page becomes the root, and links into the repository keep their text alone.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.build/book}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/Pylon.docc"
python3 - "$work/Pylon.docc" <<'PYTHON'
import glob, os, re, shutil, sys

pages = {os.path.basename(path)[:-3]: open(path, encoding="utf-8").read()
         for path in glob.glob("Sources/pylon/Pylon.docc/*.md")}

def plain(heading):
    return re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-")

# How DocC writes the headings that hosts write in lower case.
anchors = {name: {plain(each).lower(): plain(each) for each in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
           for name, text in pages.items()}

def link(own):
    def replaced(match):
        text, page, anchor = match[1], match[2] or own, match[3]
        return f"[{text}](<doc:{page}{'#' + anchors[page][anchor] if anchor else ''}>)"
    return replaced

for name, text in pages.items():
    text = re.sub(r"\[([^]\n]*)\]\((?:(\w+)\.md)?(?:#([\w-]+))?\)", link(name), text)
    for picture in re.findall(r"!\[[^]\n]*\]\(\.\./\.\./\.\./([^)]+)\)", text):
        shutil.copy(picture, sys.argv[1])
        text = text.replace(f"(../../../{picture})", f"({os.path.basename(picture)})")
    text = re.sub(r"\[([^]\n]*)\]\(\.\.[^)]*\)", r"\1", text)
    if name == "Pylon":
        head, rest = text.split("\n", 1)
        text = f"{head}\n\n@Metadata {{\n  @TechnologyRoot\n}}\n{rest}"
    with open(os.path.join(sys.argv[1], name + ".md"), "w", encoding="utf-8") as file:
        file.write(text)
PYTHON
docc=$(command -v docc || xcrun --find docc)
"$docc" convert "$work/Pylon.docc" --fallback-display-name Pylon --fallback-bundle-identifier pylon.book \
  --transform-for-static-hosting --warnings-as-errors --output-path "$work/site"
rm -rf "$out"
mkdir -p "$(dirname "$out")"
cp -r "$work/site" "$out"
echo "written: $out ($(find "$out" -name index.html | wc -l) pages)"
