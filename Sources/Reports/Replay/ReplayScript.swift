/// The script that animates the page of `pylon replay`. It puts data into texts and attributes, never into markup.
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
    const part = (value) => Math.min(Math.max(value / data.top, 0), 1);
    const color = (value) => value === null ? "var(--faint)" :
      data.ramp[Math.round(part(value) * (data.ramp.length - 1))];
    const maps = data.maps.map((map) => {
      const layer = $(map.id);
      return map.places.map((place, zone) => {
        const group = element(layer, "g", { class: "marker", tabindex: "0", role: "img" });
        const at = { cx: place[0], cy: place[1] };
        const marker = { group, place, largest: map.largest, hasText: map.texts, unit: map.unit };
        if (!map.texts) group.classList.add("crowded");
        marker.hit = element(group, "circle", { ...at, r: Math.max(14, map.largest), class: "hit" });
        marker.base = element(group, "circle", { ...at, r: 1, class: "base" });
        marker.disc = element(group, "circle", { ...at, r: 1, class: "disc" });
        marker.cross = element(group, "path", { class: "cross" });
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
    const radius = (running, largest) =>
      largest * Math.max(running ? 0.22 : 0.13, Math.sqrt(running / data.most));
    // Circles of some numbers of jobs, as large as on the map that is shown
    function drawSizes() {
      const svg = $("sizes");
      svg.replaceChildren();
      const map = data.maps.find((m) => $(m.id).ownerSVGElement.getClientRects().length) || data.maps[0];
      const zoom = ($(map.id).ownerSVGElement.getScreenCTM() || { a: 1 }).a;
      const middle = Math.max(map.largest * zoom, 8) + 2;
      let at = 1;
      for (const count of [0, Math.floor(data.most / 10), Math.floor(data.most / 2), data.most]) {
        if (count === 0 && at > 1) continue;
        const r = radius(count, map.largest) * zoom;
        element(svg, "circle", { cx: at + r, cy: middle, r: r.toFixed(1), class: "size" });
        const text = element(svg, "text", { x: at + 2 * r + 5, y: middle + 4, class: "tick" });
        text.textContent = number(count, 0);
        at += 2 * r + 21 + 8 * String(count).length;
      }
      svg.setAttribute("width", at);
      svg.setAttribute("height", 2 * middle);
    }
    function drawMarker(marker, zone) {
      const run = data.runs[state.policy];
      const running = run.running[zone][state.at];
      const value = data.intensity[zone][state.at];
      const out = data.out[zone][state.at] === 1;
      const [x, y] = marker.place;
      const r = Math.max(radius(running, marker.largest), out ? Math.min(6, marker.largest) : 0);
      marker.base.setAttribute("r", (r + 1).toFixed(1));
      marker.disc.setAttribute("r", r.toFixed(1));
      marker.disc.setAttribute("fill", out ? "var(--background)" : color(value));
      marker.disc.setAttribute("stroke-dasharray", out ? "3 1.7" : "none");
      const arm = r * 0.55;
      marker.cross.setAttribute("d", out ? "M" + (x - arm) + " " + (y - arm) + "l" + 2 * arm + " " + 2 * arm +
        "m" + -2 * arm + " 0l" + 2 * arm + " " + -2 * arm : "");
      const count = running < 10000 ? String(running) : Math.floor(running / 1000) + "k";
      const size = Math.min(12, (2 * r * 0.86) / (0.64 * count.length));
      marker.count.textContent = out || running === 0 || r < 7.5 || !marker.hasText ? "" : count;
      marker.count.setAttribute("font-size", size.toFixed(1));
      marker.count.setAttribute("x", x);
      marker.count.setAttribute("y", (y + size * 0.36).toFixed(1));
      marker.count.setAttribute("fill", value !== null && part(value) > 0.55 ? "#ffffff" : "#0f172a");
      marker.text.textContent = value === null || !marker.hasText ? "" : Math.round(value) + " " + marker.unit;
      marker.group.setAttribute("aria-label", zones[zone].name + ": " + running + (running === 1 ? " job" : " jobs") + " running, " +
        run.assigned[zone][state.at] + " assigned so far; " + number(value, 0) + " gCO₂/kWh" +
        (out ? "; out of service" : ""));
    }
    const areas = data.maps.flatMap((map) => map.areas.map((zones, area) =>
      ({ zones, path: $(map.id + "-area-" + area) })));
    function drawAreas() {
      for (const area of areas) {
        const known = area.zones.map((zone) => data.intensity[zone][state.at]).filter((value) => value !== null);
        area.path.style.fill = known.length ? color(sum(known) / known.length) : "var(--land)";
      }
    }

    // Counters of the whole run
    function drawCounters() {
      const run = data.runs[state.policy];
      const counters = run.counters;
      const at = (row) => (row ? row[state.at] : null);
      const grams = counters && counters.kg ? at(counters.kg) * 1000 : null;
      const carbon = grams === null ? "unknown" : grams < 1000 ? number(grams, 0) + " g" :
        grams < 1e6 ? number(grams / 1000, grams < 1e5 ? 1 : 0) + " kg" : number(grams / 1e6, 2) + " t";
      const values = {
        waiting: number(counters ? at(counters.waiting) : null, 0),
        running: number(sum(run.running.map((row) => row[state.at])), 0),
        finished: number(counters ? at(counters.finished) : null, 0),
        missed: number(counters ? at(counters.missed) : null, 0),
        carbon,
      };
      for (const key in values) $("count-" + key).textContent = values[key];
    }

    // Details of a zone, or of all
    function drawDetails() {
      const run = data.runs[state.policy];
      const zone = shown();
      const at = (rows) => zone >= 0 ? rows[zone][state.at] : sum(rows.map((row) => row[state.at]));
      const own = (zone, key) => {
        // Events change what a zone has: the last step that has begun holds.
        const steps = data.steps.filter((step) => step[0] === zone && step[1] <= state.at);
        return steps.length ? steps[steps.length - 1][{ cores: 2, memory: 3, gpus: 4 }[key]] : zones[zone][key];
      };
      const of = (key) => (zone >= 0 ? own(zone, key) : sum(zones.map((_, zone) => own(zone, key))));
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
      if (zone >= 0 && data.out[zone][state.at] === 1) rows.unshift(["state", "out of service"]);
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
