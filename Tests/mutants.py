#!/usr/bin/env python3
"""Plants the classic faults of Tests/Mutants/faults.txt in a copy and shows which of them tests or swarm catch.

    python3 Tests/mutants.py [--work DIR] [--only N,N…] [--swarm RUNS] [--seed N] [--stages …] [--keep-build]

The copy has all faults at once, each switched on by its number in PYLON_PLANTED_FAULT, so that one release build
serves for all. Without a fault (0) everything must pass: the control. Then, fault by fault, until something fails:
the tests of the target that the fault is in, those of other targets that are quick, the swarm, the tests that are left.
Prints a line a fault and the score; leaves with 1 where less than 19 of 20 were caught, with 2 where the control fails.
Not a part of Tests/run.sh.
"""
import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = "Tests/Mutants/faults.txt"
SWITCH = "PYLON_PLANTED_FAULT"
GLOBAL = f"""internal import Foundation

public let plantedFault = Int(ProcessInfo.processInfo.environment["{SWITCH}"] ?? "") ?? 0
"""
# What takes so many seconds of CPU hangs; that is found too. Without a fault all tests take a minute.
PATIENCE = {"own tests": 60, "quick tests": 60, "swarm": 60, "other tests": 180, "all tests": 240}
IMPORT = re.compile(r"^(\w+ )?import Domain$", re.M)
# A member with the line before it, which may hold its attributes.
FUNCTION = re.compile(r"^.*\n  (?! ).*\b(?:func|var|init|subscript)\b.*$", re.M)
QUICK = ["Policies", "Engine", "Inputs", "Metrics", "Scenarios"]


class Fault:
    def __init__(self, number, name, what):
        self.number, self.name, self.what, self.edits = number, name, what, []

    @property
    def target(self):
        return self.edits[0][0].split("/")[1]


def table(text):
    faults, path = [], None
    for line in text.splitlines():
        head = re.fullmatch(r"(\d+) ([a-z-]+): (.+)", line)
        if head:
            faults.append(Fault(int(head[1]), head[2], head[3]))
        elif line.startswith("in "):
            path = line[3:]
        elif line.startswith("- "):
            faults[-1].edits.append([path, line[2:], None])
        elif line.startswith("+ "):
            faults[-1].edits[-1][2] = line[2:]
        elif line and not line.startswith("#"):
            sys.exit(f"{TABLE}: found {line!r}, expected a fault, in, - or +")
    return faults


def plant(faults, tree):
    texts, inlinable = {}, set()
    for fault in faults:
        on = f"(plantedFault == {fault.number})"
        for path, old, new in fault.edits:
            if path not in texts:
                with open(f"{tree}/{path}") as file:
                    texts[path] = file.read()
            if texts[path].count(old) != 1:
                sys.exit(f"{path}: found {old!r} {texts[path].count(old)} times, expected once")
            mutant = new.replace("PLANTED", on) if "PLANTED" in new else f"({on} ? ({new}) : ({old}))"
            before = FUNCTION.findall(texts[path][: texts[path].index(old)])
            if before and "@inlinable" in before[-1]:
                inlinable.add(path)
            texts[path] = texts[path].replace(old, mutant)
    # A target that does not know Domain has a switch of its own.
    apart = {target for target in {path.split("/")[1] for path in texts} if not knows_domain(tree, target)}
    for path, text in texts.items():
        target = path.split("/")[1]
        if target not in apart | {"Domain"} and not IMPORT.search(text):
            text = f"{'public' if path in inlinable else 'internal'} import Domain\n" + text
        with open(f"{tree}/{path}", "w") as file:
            file.write(text)
    for target in apart | {"Domain"}:
        with open(f"{tree}/Sources/{target}/PlantedFault.swift", "w") as file:
            file.write(GLOBAL.replace("public ", "") if target in apart else GLOBAL)


def knows_domain(tree, target):
    if target == "Domain":
        return True
    files = (f"{folder}/{name}" for folder, _, names in os.walk(f"{tree}/Sources/{target}") for name in names)
    return any(IMPORT.search(open(file).read()) for file in files if file.endswith(".swift"))


def copy(tree):
    shutil.rmtree(tree, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.splitlines()):
        if os.path.exists(f"{ROOT}/{name}"):
            os.makedirs(os.path.dirname(f"{tree}/{name}"), exist_ok=True)
            shutil.copy2(f"{ROOT}/{name}", f"{tree}/{name}")


def begin(patience):
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 5))
    # Who is started in the background may have been told to ignore what the tests send.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def attempt(command, number, folder, log, patience):
    """Runs a command with a fault; None where it passes, else the first thing that failed."""
    environment = dict(os.environ, **{SWITCH: str(number), "TMPDIR": folder, "SWIFT_BACKTRACE": "enable=no"})
    environment.setdefault("PYLON_SHARED_DATA", f"{os.path.dirname(ROOT)}/shared/data")
    process = subprocess.Popen(
        command, cwd=os.path.dirname(folder) + "/tree", env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        preexec_fn=lambda: begin(patience))
    told = None
    for line in process.stdout:
        line = re.sub("\x1b\\[[0-9;]*m", "", line)
        log.write(line)
        issue = re.match(r"✘ Test (.+?) recorded an issue|FAILED (.+)", line)
        if issue:
            told = issue[1] or issue[2]
            break
    if told:
        os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    log.flush()
    if told or status == 0:
        return told
    return "hangs" if status in (-signal.SIGXCPU, -signal.SIGKILL) else f"ends with status {status}"


def stages(binaries, fault, arguments):
    """The names of what is tried, in its order, with the commands."""
    tests = [f"{binaries}/pylonPackageTests.xctest", "--testing-library", "swift-testing"]
    swarm = [f"{binaries}/pylon", "swarm", "--seed", str(arguments.seed), "--runs", str(arguments.swarm)]
    if not fault:
        return [("swarm", swarm), ("all tests", tests)]
    own = ["Domain", "Engine"] if fault.target == "Domain" else [fault.target]
    quick = [name for name in QUICK if name not in own]

    def of(names):
        return rf"^({'|'.join(names)})Tests\."

    return [
        ("own tests", tests + ["--filter", of(own)]), ("quick tests", tests + ["--filter", of(quick)]),
        ("swarm", swarm), ("other tests", tests + ["--skip", of(own + quick)])]


def check(binaries, fault, arguments, work, log):
    folder = f"{work}/tmp"
    for name, command in stages(binaries, fault, arguments):
        if fault and arguments.stages and name.split()[0] not in arguments.stages.split(","):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        log.write(f"\n=== fault {fault.number if fault else 0}: {name}\n")
        found = attempt(command, fault.number if fault else 0, folder, log, PATIENCE[name])
        if found:
            return name, found
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", help="the folder of copy and build; one of its own where it is not told")
    parser.add_argument("--only", default="", help="the numbers of these faults alone")
    parser.add_argument("--swarm", type=int, default=60, help="scenarios of the swarm")
    parser.add_argument("--seed", type=int, default=7, help="of the swarm")
    parser.add_argument("--stages", default="", help="some of own,quick,swarm,other; all where it is not told")
    parser.add_argument("--keep-build", action="store_true", help="what the folder has is built already")
    arguments = parser.parse_args()
    work = os.path.abspath(arguments.work or tempfile.mkdtemp(prefix="pylon-mutants-"))
    tree, build = f"{work}/tree", f"{work}/build"
    os.makedirs(work, exist_ok=True)
    with open(f"{ROOT}/{TABLE}") as file:
        faults = table(file.read())
    if not arguments.keep_build:
        copy(tree)
        plant(faults, tree)
        command = "swift build -c release --build-tests -Xswiftc -enable-testing --scratch-path".split()
        subprocess.run(command + [build], cwd=tree, check=True)
    binaries = f"{build}/release"
    wanted = {int(number) for number in arguments.only.split(",") if number}
    caught, tried = 0, 0
    with open(f"{work}/log.txt", "w") as log:
        if not wanted:
            failed = check(binaries, None, arguments, work, log)
            print(f"control: {'%s: %s' % failed if failed else 'passes without a fault'}", flush=True)
            if failed:
                sys.exit(2)
        for fault in faults:
            if wanted and fault.number not in wanted:
                continue
            began = time.time()
            found = check(binaries, fault, arguments, work, log)
            tried += 1
            caught += 1 if found else 0
            by = f"caught by {found[0]}: {found[1]}" if found else "NOT CAUGHT"
            print(f"{fault.number} {fault.name} ({fault.target}, {time.time() - began:.0f} s): {by}", flush=True)
    print(f"{caught} of {tried} faults caught; {work}/log.txt")
    sys.exit(0 if caught * 20 >= tried * 19 else 1)


main()
