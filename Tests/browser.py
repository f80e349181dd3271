#!/usr/bin/env python3
"""Drives the pages of `pylon report` and `pylon replay` in a headless Chromium.

    python3 Tests/browser.py PYLON [FOLDER]

PYLON is the program; screenshots go to FOLDER. Needs Chromium and the package playwright;
without them it says so and leaves with 0. Not a part of Tests/run.sh.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

NAME = "<script>alert(1)</script>"
LONG = "Llanfairpwllgwyngyll " * 10
HOSTILE = f"""
name: hostile
clock: {{start: 2025-01-06T00:00:00Z, duration: 1d}}
zones:
  - {{code: "A<b>", name: "{NAME}", region: "<img src=x onerror=alert(2)>", coordinates: {{lat: 55, lng: -4}},
     capacity: {{cpu_cores: 99, memory_gb: 99, gpus: 9}}}}
  - {{code: B, name: "{LONG[:200]}", coordinates: {{lat: 51, lng: 0}},
     capacity: {{cpu_cores: 99, memory_gb: 9, gpus: 9}}}}
grid: {{carbon: {{constant: 0}}, price: {{constant: -0.05}}}}
workload: {{preset: pylon, rate: 1}}
policies: [standard, greedy-lowest-carbon]
"""


def chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Drive:
    def __init__(self, browser, folder):
        self.browser, self.folder, self.faults, self.checks = browser, folder, [], 0

    def expect(self, holds, what):
        self.checks += 1
        if not holds:
            self.faults.append(what)
            print("FAILED", what)

    def open(self, path, width, scheme, **more):
        context = self.browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 740}, color_scheme=scheme, **more)
        page = context.new_page()
        where = f"{os.path.basename(path)} at {width} px, {scheme}"
        page.on("console", lambda m: self.expect(m.type not in ("error", "warning"), f"{where}: console: {m.text}"))
        page.on("pageerror", lambda e: self.expect(False, f"{where}: {e}"))
        page.on("dialog", lambda d: (self.expect(False, f"{where}: a dialog: {d.message}"), d.dismiss()))
        page.on("request", lambda r: self.expect(r.url.startswith("file:"), f"{where}: asks for {r.url}"))
        page.goto("file://" + path)
        self.expect(page.evaluate("document.documentElement.scrollWidth") <= width, f"{where}: wider than the screen")
        wanted = "rgb(15, 23, 42)" if scheme == "dark" else "rgb(255, 255, 255)"
        self.expect(page.evaluate("getComputedStyle(document.body).backgroundColor") == wanted, f"{where}: its colour")
        return page, where

    def shot(self, page, name):
        page.screenshot(path=f"{self.folder}/{name}.png", full_page=True)

    def report(self, path, name, width, scheme):
        page, where = self.open(path, width, scheme)
        self.expect(page.locator("script").count() == 0, f"{where}: a script")
        self.expect(page.locator("#verdict .verdict").inner_text().strip() != "", f"{where}: no verdict")
        self.expect(page.locator("figure svg").count() > 3, f"{where}: too few figures")
        for box in page.locator("figure svg").all():
            size = box.bounding_box()
            self.expect(size["width"] >= 300 and size["height"] > 60, f"{where}: a figure of {size}")
        self.shot(page, f"{name}-{width}-{scheme}")
        if width > 500 and scheme == "dark":
            page.emulate_media(media="print", color_scheme="dark")
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            self.expect(colour == "rgb(255, 255, 255)", f"{where}: prints on {colour}")
            page.pdf(path=f"{self.folder}/{name}.pdf", format="A4")
        page.close()

    def markers(self, page):
        return page.evaluate(
            "[...document.querySelectorAll('.marker')].filter(m => m.getBoundingClientRect().width)"
            ".map(m => m.getAttribute('aria-label') + ' ' + m.querySelector('.disc').getAttribute('fill')"
            " + m.querySelector('.disc').getAttribute('r')).join('; ')")

    def rule(self, page, where):
        """Area as the jobs that run and colour as the intensity, worked out here again from what a marker says."""
        largest = page.evaluate("data.maps.map(map => map.largest)")
        most, top, ramp = page.evaluate("[data.most, data.top, data.ramp]")
        marks = page.evaluate(
            "[...document.querySelectorAll('.marker')].map(m => [m.parentNode.id, m.getAttribute('aria-label'),"
            " +m.querySelector('.disc').getAttribute('r'), m.querySelector('.disc').getAttribute('fill')])")
        for parent, label, radius, fill in marks:
            found = re.search(r": ([0-9,]+) jobs? running, [0-9,]+ assigned so far; ([0-9,]+|unknown) gCO₂/kWh", label)
            running, whole = int(found[1].replace(",", "")), largest[parent == "markers-narrow"]
            wanted = max(whole * (0.22 if running else 0.13), whole * (running / most) ** 0.5)
            self.expect(abs(radius - wanted) <= 0.051, f"{where}: {label} has radius {radius}, not {wanted}")
            if found[2] != "unknown" and "out of service" not in label:
                share = min(max(int(found[2].replace(",", "")) / top, 0), 1)
                near = ramp[max(0, round(share * 31) - 1):round(share * 31) + 2]
                self.expect(fill in near, f"{where}: {label} is {fill}, not one of {near}")
        counters = page.locator("#counters dd").all_inner_texts()
        self.expect(len(counters) == 5 and all(counters), f"{where}: counters {counters}")

    def replay(self, path, name, width, scheme):
        page, where = self.open(path, width, scheme, has_touch=width < 500)
        clock = lambda: page.locator("#clock").inner_text()
        load = lambda: page.locator("#load .own").get_attribute("d")
        begin = clock()
        page.click("#play")
        page.wait_for_timeout(900)
        self.expect(page.locator("#play").inner_text() == "Pause", f"{where}: the button while it plays")
        self.expect(clock() > begin, f"{where}: play moves the clock from {begin}")
        page.click("#play")
        held = clock()
        page.wait_for_timeout(400)
        self.expect(clock() == held, f"{where}: pause holds the clock")
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("ArrowRight")
        self.expect(clock() > held, f"{where}: the right arrow steps")
        page.keyboard.press("ArrowLeft")
        self.expect(clock() == held, f"{where}: the left arrow steps back")
        page.keyboard.press("Space")
        page.wait_for_timeout(500)
        self.expect(clock() > held, f"{where}: space plays")
        page.keyboard.press("Space")
        page.keyboard.press("End")
        end = clock()
        page.click("#forward")
        self.expect(clock() == end, f"{where}: nothing is behind the end")
        page.keyboard.press("Home")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Home")
        self.expect(clock() == begin, f"{where}: home goes to the beginning")
        top = page.evaluate("document.getElementById('scrub').max")
        page.locator("#scrub").fill(str(int(top) // 2))
        middle = clock()
        self.expect(begin < middle < end, f"{where}: the slider scrubs: {middle}")
        before, line = self.markers(page), load()
        page.locator("#policy").select_option("1")
        self.expect(self.markers(page) != before and load() != line, f"{where}: the policy changes the markers")
        self.expect(clock() == middle, f"{where}: the policy keeps the time")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("1")
        self.expect(self.markers(page) == before, f"{where}: 1 chooses the first policy")
        self.rule(page, where)
        self.zones(page, where, width)
        cursor = page.locator("#load .cursor").get_attribute("d")
        box = page.locator("#load").bounding_box()
        page.locator("#load").click(position={"x": box["width"] * 0.8, "y": 60})
        self.expect(page.locator("#load .cursor").get_attribute("d") != cursor, f"{where}: the chart scrubs")
        self.expect(clock() > middle, f"{where}: the chart moves the clock")
        self.shot(page, f"{name}-{width}-{scheme}")
        page.close()

    def zones(self, page, where, width):
        title = lambda: page.locator("#zone").inner_text()
        kind = ".narrow" if width < 760 else ".wide"
        markers = page.locator(f"svg{kind} .marker")
        count = markers.count()
        self.expect(title() == "All zones", f"{where}: all zones at first")
        seen = set()
        for place in range(count):
            marker = markers.nth(place)
            spot = marker.locator(".disc").bounding_box()
            middle = (spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
            if width < 500:
                # What is told of a zone stands over the lower end of a phone's screen.
                marker.evaluate("marker => marker.scrollIntoView({block: 'center'})")
                spot = marker.locator(".disc").bounding_box()
                page.touchscreen.tap(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
            else:
                marker.locator(".disc").scroll_into_view_if_needed()
                marker.locator(".disc").hover(force=True)
            seen.add(title())
            label = marker.get_attribute("aria-label")
            self.expect(label.startswith(title().rsplit(" (", 1)[0]), f"{where}: {label!r} is told as {title()!r}")
        self.expect(len(seen) == count, f"{where}: {len(seen)} of {count} zones told by pointer")
        page.keyboard.press("Escape")
        page.mouse.move(1, 1)
        page.locator("#policy").focus()
        page.keyboard.press("Tab")
        first = title()
        page.keyboard.press("Tab")
        self.expect("All zones" != first != title() != "All zones", f"{where}: Tab tells {first!r}, {title()!r}")
        page.keyboard.press("Enter")
        held = title()
        page.evaluate("document.activeElement.blur()")
        self.expect(title() == held, f"{where}: Enter pins a zone")
        page.keyboard.press("Escape")
        self.expect(title() == "All zones", f"{where}: Escape unpins it")

    def calm(self, path):
        page, where = self.open(path, 1440, "light", reduced_motion="reduce")
        page.evaluate("window.seen = 0; new MutationObserver(() => seen++).observe(document.getElementById('clock'), "
                      "{childList: true, characterData: true, subtree: true})")
        page.locator("#speed").select_option("50")
        page.click("#play")
        page.wait_for_timeout(2200)
        seen = page.evaluate("window.seen")
        self.expect(1 <= seen <= 10, f"{where}: {seen} changes in two seconds where motion is not wanted")
        page.close()


def main():
    program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
    if not program:
        sys.exit(__doc__)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return print("skipped: no playwright (pip install playwright)")
    if not chromium():
        return print("skipped: no Chromium (apt-get install chromium)")
    folder = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    scenarios = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Scenarios")
    run = lambda *arguments: subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/hostile.yaml", "w") as file:
        file.write(HOSTILE)
    three = [f"--policy={name}" for name in ("standard", "greedy-lowest-carbon", "deadline-aware")]
    run("run", f"{scenarios}/gb-week.yaml", *three, "--set", "replications=3", "--out", f"{folder}/week", "--quiet")
    run("run", f"{folder}/hostile.yaml", "--out", f"{folder}/hostile", "--quiet")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        drive = Drive(browser, folder)
        for name in ("week", "hostile"):
            for kind in ("report", "replay"):
                page = f"{folder}/{name}-{kind}.html"
                run(kind, f"{folder}/{name}/results.sqlite", "-o", page)
                if kind == "replay":
                    drive.expect(os.path.getsize(page) <= 3_000_000, f"{page} has {os.path.getsize(page)} bytes")
                for width in (1440, 360):
                    for scheme in ("light", "dark"):
                        getattr(drive, kind)(page, f"{name}-{kind}", width, scheme)
        drive.calm(f"{folder}/week-replay.html")
        browser.close()
    print(f"{drive.checks} checks, {len(drive.faults)} failed; screenshots in {folder}")
    sys.exit(1 if drive.faults else 0)


if __name__ == "__main__":
    main()
