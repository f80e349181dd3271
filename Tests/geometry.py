"""Writes the geometry that maps are drawn on as Swift source, so that a single binary holds it.

  python3 Tests/geometry.py gb_dno_regions_mid.geojson naturalearth_lowres.shp

The first file holds the fourteen regions of the GB distribution networks (NESO Open Data Licence: "Supported by
National Energy SO Open Data"), simplified so that neighbours share their borders (coverage_simplify, 1 km); the second
one Natural Earth's countries, 1:110 m (public domain, e.g. of the wheel of geopandas 0.14.4). Borders are stored once,
as arcs between the points where three shapes meet; points are differences in base 64, as in an encoded polyline.
"""
import collections
import json
import pathlib
import struct
import sys

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
FOLDER = pathlib.Path(__file__).parent.parent / "Sources/Figures/Map/Geometry"


def number(value):
    """Zigzag, five bits a digit, the sixth says that more follow."""
    value = value * 2 if value >= 0 else -value * 2 - 1
    text = ""
    while value >= 32:
        text += ALPHABET[32 + value % 32]
        value //= 32
    return text + ALPHABET[value]


def encoded(points):
    text, last = "", (0, 0)
    for point in points:
        text += number(point[0] - last[0]) + number(point[1] - last[1])
        last = point
    return text


def ring(points, scale):
    whole = [(round(x * scale), round(y * scale)) for x, y in points]
    kept = [p for i, p in enumerate(whole) if p != whole[i - 1]]
    return kept if len(set(kept)) > 2 else []


def topology(shapes):
    """Arcs, and each ring as numbers of arcs: ~n for one that is walked backwards."""
    neighbours = collections.defaultdict(set)
    uses = collections.Counter()
    for rings in shapes:
        for points in rings:
            for place, point in enumerate(points):
                pair = frozenset((points[place - 1], points[(place + 1) % len(points)]))
                neighbours[point].add(pair)
                uses[point] += 1
    nodes = {point for point, pairs in neighbours.items() if len(pairs) > 1}
    arcs, known, out = [], {}, []
    for rings in shapes:
        own = []
        for points in rings:
            cuts = [i for i, p in enumerate(points) if p in nodes]
            if not cuts:
                # An island, or a hole that one other shape fills.
                start = points.index(min(points))
                turned = points[start:] + points[:start]
                pieces = [turned + turned[:1]]
            else:
                ends = cuts[1:] + [cuts[0] + len(points)]
                pieces = [[points[i % len(points)] for i in range(a, b + 1)] for a, b in zip(cuts, ends)]
            numbers = []
            for piece in pieces:
                forward, backward = tuple(piece), tuple(reversed(piece))
                if forward in known:
                    numbers.append(known[forward])
                elif backward in known:
                    numbers.append(~known[backward])
                else:
                    known[forward] = len(arcs)
                    numbers.append(len(arcs))
                    arcs.append(piece)
            own.append(numbers)
        out.append(own)
    return arcs, out


def write(name, doc, scale, labels, shapes, places=None):
    arcs, rings = topology(shapes)
    text = " ".join(encoded(arc) for arc in arcs)
    width = 112
    lines = [text[i:i + width] for i in range(0, len(text), width)]
    entries = []
    for label, own in zip(labels, rings):
        entries.append(label + "|" + ";".join(",".join(str(n) for n in numbers) for numbers in own))
    parts = [
        "// Written by Tests/geometry.py.", "", doc, f"enum {name} {{", f"  static let scale = {scale}.0", "",
        '  static let arcs = #"""'] + ["    " + line + r"\#" for line in lines[:-1]] + ["    " + lines[-1], '    """#', ""]
    rows = []
    for entry in entries:
        while len(entry) > width:
            cut = max(entry.rfind(",", 0, width), entry.rfind(";", 0, width)) + 1
            rows.append("    " + entry[:cut] + r"\#")
            entry = entry[cut:]
        rows.append("    " + entry)
    parts += ["  /// A shape a line: its name, and its rings as numbers of arcs."]
    parts += ['  static let shapes = #"""'] + rows + ['    """#', "}", ""]
    path = FOLDER / f"{name}.swift"
    path.write_text("\n".join(parts))
    print(f"{path}: {sum(map(len, arcs))} points in {len(arcs)} arcs, {path.stat().st_size} bytes")


def britain(path):
    labels, shapes = [], []
    for feature in json.load(open(path))["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        labels.append(feature["properties"]["name"])
        own = [ring(points[:-1], 1000) for polygon in polygons for points in polygon]
        shapes.append([points for points in own if points])
    doc = ("/// The fourteen regions of Great Britain's distribution networks: degrees × 1000, to 1 km.\n///\n"
           "/// Supported by National Energy SO Open Data (NESO Open Data Licence).")
    write("BritainGeometry", doc, 1000, labels, shapes)


def world(path):
    data = pathlib.Path(path).read_bytes()
    at, shapes = 100, []
    while at < len(data):
        length = struct.unpack(">i", data[at + 4:at + 8])[0] * 2
        content = data[at + 8:at + 8 + length]
        at += 8 + length
        if struct.unpack("<i", content[:4])[0] != 5:
            continue
        parts, count = struct.unpack("<2i", content[36:44])
        starts = list(struct.unpack(f"<{parts}i", content[44:44 + 4 * parts])) + [count]
        numbers = struct.unpack(f"<{2 * count}d", content[44 + 4 * parts:44 + 4 * parts + 16 * count])
        points = list(zip(numbers[::2], numbers[1::2]))
        own = [ring(points[a:b - 1], 50) for a, b in zip(starts, starts[1:])]
        shapes.append([points for points in own if points])
    doc = ("/// The countries of the world: degrees × 50.\n///\n"
           "/// Made with Natural Earth, 1:110 m (public domain, naturalearthdata.com).")
    write("WorldGeometry", doc, 50, [""] * len(shapes), shapes)


britain(sys.argv[1])
world(sys.argv[2])
