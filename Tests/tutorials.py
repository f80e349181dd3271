#!/usr/bin/env python3
"""Runs the commands of the book's tutorials line by line and compares what they print.

    python3 Tests/tutorials.py PYLON [--record] [PAGE…]

Each page runs in a shell of its own, in a new folder that has a copy of Scenarios/, with PYLON as `pylon` in the PATH.

- A block fenced as `console` holds commands, which begin with `$ `, each followed by what it prints, standard error
  included. A line that ends with a backslash continues. A line `…` stands for any number of lines; durations are not
  compared.
- A paragraph that ends with "save this as `NAME`:" is followed by a block with the contents of that file; "append this
  to `NAME`:" likewise.
- A block fenced as `python` is run by python3 if pandas is installed, and must not fail.

With --record the blocks are written anew, except those that have a `…`. Exit status: 0 all agree, 1 some do not.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BOOK = os.path.join(ROOT, "Sources/pylon/Pylon.docc")
MARK = "--- end of command 5f1c ---"
# How long something took differs from run to run.
TIME = re.compile(r": \d+(\.\d+)? s$")
SAVE = re.compile(r"(save|append) (?:this|it)(?: text)? (?:as|to) `([^`]+)`:$", re.IGNORECASE)


class Shell:
    """A shell that runs one command after another, and keeps variables and `$?`."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=1)

    def run(self, command):
        # The last command's status is `$?` of the next one.
        self.process.stdin.write(f"{command}\nstatus=$?; printf '\\n%s\\n' '{MARK}'; (exit $status)\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == MARK:
                break
            lines.append(line.rstrip())
        else:
            raise SystemExit(f"the shell ended at: {command}")
        # The mark begins with a line end of its own.
        if lines and lines[-1] == "":
            lines.pop()
        return lines

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def commands(block):
    """The commands of a block with the lines that they are to print."""
    found = []
    lines = list(block)
    while lines:
        line = lines.pop(0)
        if line.startswith("$ "):
            text = [line]
            while text[-1].endswith("\\") and lines:
                text.append(lines.pop(0))
            found.append((text, []))
        elif found:
            found[-1][1].append(line.rstrip())
    return found


def agree(expected, found):
    """Whether lines are those expected, where `…` stands for any number of lines."""
    if not expected:
        return not found
    if expected[0] == "…":
        return any(agree(expected[1:], found[start:]) for start in range(len(found) + 1))
    if not found or TIME.sub(": … s", expected[0]) != TIME.sub(": … s", found[0]):
        return False
    return agree(expected[1:], found[1:])


class Page:
    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            self.lines = file.read().split("\n")
        self.failures = 0
        self.count = 0
        self.skipped = 0

    def run(self, pylon, record):
        work = tempfile.mkdtemp(prefix="pylon-tutorial-")
        try:
            shutil.copytree(os.path.join(ROOT, "Scenarios"), os.path.join(work, "Scenarios"))
            os.mkdir(os.path.join(work, ".bin"))
            os.symlink(pylon, os.path.join(work, ".bin", "pylon"))
            # The example package's executable, which the build leaves beside `pylon`.
            own = os.path.join(os.path.dirname(pylon), "my-pylon")
            if os.path.exists(own):
                os.symlink(own, os.path.join(work, ".bin", "my-pylon"))
            environment = dict(os.environ, PATH=os.path.join(work, ".bin") + ":" + os.environ["PATH"], LC_ALL="C.UTF-8")
            shell = Shell(work, environment)
            self.walk(shell, work, environment, record)
            shell.close()
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if record:
            with open(self.path, "w", encoding="utf-8") as file:
                file.write("\n".join(self.lines))

    def walk(self, shell, work, environment, record):
        out, index, said = [], 0, ""
        while index < len(self.lines):
            line = self.lines[index]
            if not line.startswith("```"):
                said = line if line.strip() else said
                out.append(line)
                index += 1
                continue
            end = index + 1
            while not self.lines[end].startswith("```"):
                end += 1
            kind, block = line[3:].strip(), self.lines[index + 1:end]
            saved = SAVE.search(said)
            if saved:
                with open(os.path.join(work, saved[2]), "a" if saved[1].lower() == "append" else "w") as file:
                    file.write("\n".join(block) + "\n")
            elif kind == "console":
                block = self.console(shell, block, index + 1, record)
            elif kind == "python":
                self.python(block, work, environment, index + 1)
            out += [line] + block + [self.lines[end]]
            index, said = end + 1, ""
        self.lines = out

    def console(self, shell, block, line, record):
        written = []
        for text, expected in commands(block):
            self.count += 1
            command = "\n".join([text[0][2:]] + text[1:])
            found = shell.run(command)
            while expected and expected[-1] == "":
                expected.pop()
            while found and found[-1] == "":
                found.pop()
            if record and "…" not in expected:
                expected = found
            elif not agree(expected, found):
                self.failures += 1
                print(f"{self.name}:{line}: $ {command}\n  expected:")
                print("\n".join("    " + each for each in expected))
                print("  found:")
                print("\n".join("    " + each for each in found))
            written += text + expected
        return written

    def python(self, block, work, environment, line):
        if subprocess.run(["python3", "-c", "import pandas"], capture_output=True).returncode != 0:
            self.skipped += 1
            return
        self.count += 1
        done = subprocess.run(
            ["python3", "-c", "\n".join(block)], cwd=work, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            self.failures += 1
            print(f"{self.name}:{line}: the Python block failed\n{done.stderr}")


def main(arguments):
    record = "--record" in arguments
    names = [each for each in arguments if not each.startswith("--")]
    if not names:
        print(__doc__.strip())
        return 2
    pylon = os.path.abspath(names[0])
    pages = names[1:] or sorted(each for each in os.listdir(BOOK) if each.endswith("Tutorial.md"))
    if not pages:
        print("no tutorial found")
        return 1
    failures = 0
    for name in pages:
        page = Page(os.path.join(BOOK, os.path.basename(name)))
        page.run(pylon, record)
        if page.count == 0 and page.skipped == 0:
            print(f"{page.name}: no command found")
            page.failures += 1
        note = f", {page.skipped} Python blocks not run: no pandas" if page.skipped else ""
        print(f"{page.name}: {page.count} commands, {page.failures} failed{note}")
        failures += page.failures
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
