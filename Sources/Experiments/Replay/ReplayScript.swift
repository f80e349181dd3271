/// What moves the page of `pylon replay`. Data goes into texts and attributes, never into markup.
enum ReplayScript {
  static let text = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const $ = (id) => document.getElementById(id);
    const times = data.minutes.map((m) => data.start + m * 60000);
    const last = times.length - 1;
    const zones = data.zones;
    for (const run of data.runs) {
      run.assigned = run.assigned.map((steps) => { let sum = 0; return steps.map((step) => (sum += step)); });
    }
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const state = { at: 0, policy: 0, pinned: -1, hovered: -1, playing: false, rate: 0, carry: 0, before: 0 };
    const shown = () => (state.hovered >= 0 ? state.hovered : state.pinned);

    // Texts
    const pad = (n) => String(n).padStart(2, "0");
    const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    function instant(ms) {
      const d = new Date(ms);
      return d.getUTCFullYear() + "-" + pad(d.getUTCMonth() + 1) + "-" + pad(d.getUTCDate()) + " " +
        pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + " UTC";
    }
    const number = (value, digits) => value === null || value === undefined ? "unknown" :
      value.toLocaleString("en-GB", { maximumFractionDigits: digits });
    function span(minutes) {
      if (minutes < 120) return number(minutes, 1) + " min";
      return minutes < 2880 ? number(minutes / 60, 1) + " h" : number(minutes / 1440, 1) + " days";
    }
    function share(used, of) {
      return number(used, 1) + " of " + number(of, 1) +
        (of > 0 ? " (" + number((100 * used) / of, 0) + "\u00a0%)" : "");
    }
    const sum = (values) => values.reduce((a, b) => a + b, 0);

    // SVG
    function element(parent, name, attributes) {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      parent.appendChild(made);
      return made;
    }

    // The map
    const radius = (n) => (n === 0 ? 8 : 10 + Math.min(1.5 * n, 10));
    function arc(x, y, r, part) {
      const spot = (p) => {
        const turn = p * 2 * Math.PI;
        return (x + r * Math.sin(turn)).toFixed(2) + " " + (y - r * Math.cos(turn)).toFixed(2);
      };
      const size = "A" + r + " " + r + " 0 ";
      if (part >= 0.999) return "M" + spot(0) + size + "1 1 " + spot(0.5) + size + "1 1 " + spot(0);
      return part > 0.001 ? "M" + spot(0) + size + (part > 0.5 ? 1 : 0) + " 1 " + spot(part) : "M" + spot(0) + "z";
    }
    const maps = data.maps.map((map) => {
      const layer = $(map.id);
      return map.places.map((place, zone) => {
        const group = element(layer, "g", { class: "marker", tabindex: "0", role: "img" });
        const at = { cx: place[0], cy: place[1] };
        const marker = { group, place, shrink: map.shrink, hasText: map.texts };
        marker.hit = element(group, "circle", { ...at, r: 22, class: "hit" });
        marker.base = element(group, "circle", { ...at, r: 1, class: "base" });
        marker.edge = element(group, "path", { class: "edge", "stroke-width": 5 * map.shrink });
        marker.ring = element(group, "path", { class: "ring", "stroke-width": 3.4 * map.shrink });
        marker.disc = element(group, "circle", { ...at, r: 1, class: "disc" });
        marker.shade = element(group, "text", { class: "count shade" });
        marker.count = element(group, "text", { class: "count" });
        marker.text = element(layer, "text", { x: place[2], y: place[3], class: "intensity" });
        group.addEventListener("pointerenter", (e) => { if (e.pointerType === "mouse") hover(zone); });
        group.addEventListener("pointerleave", (e) => { if (e.pointerType === "mouse") hover(-1); });
        group.addEventListener("focus", () => { if (group.matches(":focus-visible")) hover(zone); });
        group.addEventListener("blur", () => hover(-1));
        group.addEventListener("click", () => pin(zone));
        group.addEventListener("keydown", (e) => { if (e.key === "Enter") pin(zone); });
        return marker;
      });
    });
    function hover(zone) {
      if (state.hovered === zone) return;
      state.hovered = zone;
      drawZone();
    }
    function pin(zone) {
      state.pinned = state.pinned === zone ? -1 : zone;
      drawZone();
    }
    function drawMarker(marker, zone) {
      const run = data.runs[state.policy];
      const n = run.assigned[zone][state.at];
      const running = run.running[zone][state.at];
      const value = data.intensity[zone][state.at];
      const [x, y] = marker.place;
      const r = radius(n) * marker.shrink;
      const around = r + 5 * marker.shrink;
      marker.hit.setAttribute("r", Math.max(22, around + 3));
      marker.base.setAttribute("r", around.toFixed(1));
      marker.disc.setAttribute("r", r.toFixed(1));
      marker.disc.setAttribute("fill", n === 0 ? "#3b82f6" : running > 0 ? "#10b981" : "#f59e0b");
      const part = value === null ? 0 : Math.min(Math.max(value / data.top, 0), 1);
      const path = value === null ? "" : arc(x, y, +around.toFixed(1), part);
      marker.edge.setAttribute("d", path);
      marker.ring.setAttribute("d", path);
      marker.ring.setAttribute("stroke", data.ramp[Math.round(part * (data.ramp.length - 1))]);
      const count = n === 0 ? "" : n < 10000 ? String(n) : Math.floor(n / 1000) + "k";
      const size = Math.min(13 * Math.max(marker.shrink, 0.8), (2 * r * 0.9) / (0.64 * Math.max(count.length, 1)));
      for (const [text, shift] of [[marker.shade, 1], [marker.count, 0]]) {
        text.textContent = count;
        text.setAttribute("font-size", size.toFixed(1));
        text.setAttribute("x", x + shift);
        text.setAttribute("y", (y + size * 0.36 + shift).toFixed(1));
      }
      marker.text.textContent = value === null || !marker.hasText ? "" : Math.round(value) + " g";
      marker.text.setAttribute("fill", value === null ? "var(--muted)" :
        value < 100 ? "var(--low)" : value < 150 ? "var(--middle)" : "var(--high)");
      marker.group.setAttribute("aria-label", zones[zone].name + ": " + n + (n === 1 ? " job" : " jobs") + " assigned, " + running +
        " running; " + number(value, 0) + " gCO2/kWh");
    }

    // What is told of a zone, or of all
    function drawDetails() {
      const run = data.runs[state.policy];
      const zone = shown();
      const at = (rows) => zone >= 0 ? rows[zone][state.at] : sum(rows.map((row) => row[state.at]));
      const of = (key) => (zone >= 0 ? zones[zone][key] : sum(zones.map((z) => z[key])));
      const known = data.intensity.map((row) => row[state.at]).filter((value) => value !== null);
      const intensity = zone >= 0 ? data.intensity[zone][state.at] :
        known.length ? sum(known) / known.length : null;
      const rows = [
        ["running", number(at(run.running), 0)],
        ["assigned so far", number(at(run.assigned), 0)],
        ["CPU cores in use", share(at(run.cores), of("cores"))],
        ["GPUs in use", share(at(run.gpus), of("gpus"))],
        ["memory in use, GB", share(at(run.memory), of("memory"))],
        [zone >= 0 ? "carbon intensity" : "carbon intensity, mean", number(intensity, 0) + " gCO₂/kWh"],
      ];
      if (zone >= 0) {
        const price = data.price[zone][state.at];
        rows.push(["price", number(price, 4) + " " + data.currency + "/kWh"]);
        rows.push(["region", zones[zone].region]);
      }
      $("zone").textContent = zone >= 0 ? zones[zone].name + " (" + zones[zone].code + ")" : "All zones";
      const list = $("details");
      list.replaceChildren();
      for (const [name, value] of rows) {
        const row = document.createElement("div");
        for (const [tag, text] of [["dt", name], ["dd", value]]) {
          const cell = document.createElement(tag);
          cell.textContent = text;
          row.appendChild(cell);
        }
        list.appendChild(row);
      }
    }
    """# + chart
}
