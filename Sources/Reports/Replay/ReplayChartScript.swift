extension ReplayScript {
  static let chart = #"""

    // Charts: drawn to the width there is, again where that changes
    const frame = { left: 52, right: 14, top: 10, bottom: 24, height: 170 };
    const charts = [{ id: "intensity" }, { id: "load" }];
    const x = (at, width) =>
      frame.left + ((times[at] - times[0]) / Math.max(times[last] - times[0], 1)) * (width - frame.left - frame.right);
    const low = (top, bottom) => (value) =>
      frame.top + (1 - (value - bottom) / (top - bottom)) * (frame.height - frame.top - frame.bottom);
    function steps(values, width, y) {
      let path = "";
      let gap = true;
      values.forEach((value, at) => {
        if (value === null) { gap = true; return; }
        const spot = x(at, width).toFixed(1);
        path += gap ? "M" + spot + " " + y(value).toFixed(1) : "H" + spot + "V" + y(value).toFixed(1);
        gap = false;
      });
      return path;
    }
    function niceStep(range, most) {
      const rough = range / most;
      const power = Math.pow(10, Math.floor(Math.log10(rough)));
      return power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.999);
    }
    function timeTicks(svg, width) {
      const range = times[last] - times[0];
      const hour = 3600000;
      const choices = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 1344, 2688, 5376].map((h) => h * hour);
      const most = Math.max(2, (width - frame.left) / 74);
      const step = choices.find((c) => range / c <= most) || niceStep(range, most);
      for (let t = Math.ceil(times[0] / step) * step; t <= times[last]; t += step) {
        const at = frame.left + ((t - times[0]) / Math.max(range, 1)) * (width - frame.left - frame.right);
        const d = new Date(t);
        const label = step >= 24 * hour || d.getUTCHours() + d.getUTCMinutes() === 0 ?
          d.getUTCDate() + " " + months[d.getUTCMonth()] : pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes());
        element(svg, "path", { class: "grid", d: "M" + at.toFixed(1) + " " + frame.top + "V" +
          (frame.height - frame.bottom) });
        const text = element(svg, "text", { class: "tick", x: Math.min(at, width - 20), y: frame.height - 7,
          "text-anchor": "middle" });
        text.textContent = label;
      }
    }
    function axes(svg, width, bottom, top) {
      timeTicks(svg, width);
      const y = low(top, bottom);
      const step = niceStep(top - bottom, 4);
      for (let value = Math.ceil(bottom / step) * step; value <= top + step / 1000; value += step) {
        element(svg, "path", { class: "grid", d: "M" + frame.left + " " + y(value).toFixed(1) + "H" +
          (width - frame.right) });
        const text = element(svg, "text", { class: "tick", x: frame.left - 6, y: y(value) + 4, "text-anchor": "end" });
        text.textContent = number(value, 2);
      }
      return y;
    }
    const total = (rows) => times.map((_, at) => sum(rows.map((row) => row[at])));
    const mean = (rows) => times.map((_, at) => {
      const known = rows.map((row) => row[at]).filter((value) => value !== null);
      return known.length ? sum(known) / known.length : null;
    });
    const load = data.runs.some((run) => run.cores.some((row) => row.some((value) => value > 0))) ?
      ["cores", "CPU cores in use"] : ["gpus", "GPUs in use"];
    const totals = data.runs.map((run) => total(run[load[0]]));
    const means = mean(data.intensity);
    const peak = (rows) => rows.reduce((top, row) => row.reduce((a, b) => Math.max(a, b === null ? 0 : b), top), 0);
    const least = data.intensity.reduce((top, row) => row.reduce((a, b) => Math.min(a, b === null ? 0 : b), top), 0);
    function begin(chart) {
      const svg = $(chart.id);
      const width = Math.max(svg.parentElement.clientWidth, 240);
      svg.replaceChildren();
      svg.setAttribute("viewBox", "0 0 " + width + " " + frame.height);
      svg.setAttribute("width", width);
      svg.setAttribute("height", frame.height);
      chart.width = width;
      return svg;
    }
    function end(chart, svg) {
      chart.cursor = element(svg, "path", { class: "cursor" });
      chart.dot = element(svg, "circle", { class: "dot", r: 4 });
    }
    function drawIntensity() {
      const chart = charts[0];
      const svg = begin(chart);
      const y = axes(svg, chart.width, least, peak(data.intensity) || 1);
      for (const row of data.intensity) element(svg, "path", { class: "other", d: steps(row, chart.width, y) });
      const zone = shown();
      chart.values = zone >= 0 ? data.intensity[zone] : means;
      chart.y = y;
      element(svg, "path", { class: "own", d: steps(chart.values, chart.width, y) });
      $("intensity-of").textContent = zone >= 0 ? zones[zone].name : "mean of the zones; thin lines: single zones";
      end(chart, svg);
    }
    function drawLoad() {
      const chart = charts[1];
      const svg = begin(chart);
      const zone = shown();
      const rows = zone >= 0 ? data.runs.map((run) => run[load[0]][zone]) : totals;
      const y = axes(svg, chart.width, 0, peak(rows) || 1);
      rows.forEach((row, policy) => {
        if (policy !== state.policy) element(svg, "path", { class: "other", d: steps(row, chart.width, y) });
      });
      chart.values = rows[state.policy];
      chart.y = y;
      element(svg, "path", { class: "own", d: steps(chart.values, chart.width, y) });
      $("load-of").textContent = load[1] + ", " + (zone >= 0 ? zones[zone].name : "all zones") +
        (data.runs.length > 1 ? "; thin lines: other policies" : "");
      end(chart, svg);
    }
    function drawCursor() {
      for (const chart of charts) {
        const at = x(state.at, chart.width).toFixed(1);
        chart.cursor.setAttribute("d", "M" + at + " " + frame.top + "V" + (frame.height - frame.bottom));
        const value = chart.values[state.at];
        chart.dot.setAttribute("cx", at);
        chart.dot.setAttribute("cy", value === null ? -9 : chart.y(value).toFixed(1));
      }
    }
    function scrubOn(svg, chart) {
      const go = (event) => {
        const box = svg.getBoundingClientRect();
        const part = ((event.clientX - box.left) * (chart.width / box.width) - frame.left) /
          (chart.width - frame.left - frame.right);
        const wanted = times[0] + part * (times[last] - times[0]);
        let at = 0;
        while (at < last && times[at + 1] <= wanted) at++;
        show(at);
      };
      svg.addEventListener("pointerdown", (event) => { stop(); svg.setPointerCapture(event.pointerId); go(event); });
      svg.addEventListener("pointermove", (event) => { if (event.buttons & 1) go(event); });
    }

    // What is drawn when
    function show(at) {
      state.at = Math.min(Math.max(at, 0), last);
      for (const map of maps) map.forEach(drawMarker);
      drawAreas();
      drawCounters();
      drawDetails();
      drawCursor();
      $("clock").textContent = instant(times[state.at]);
      $("scrub").value = state.at;
      $("scrub").setAttribute("aria-valuetext", instant(times[state.at]));
    }
    function drawZone() {
      for (const map of maps) {
        map.forEach((marker, zone) => marker.group.classList.toggle("shown", zone === shown()));
      }
      drawIntensity();
      drawLoad();
      drawCursor();
      drawDetails();
    }
    function choose(policy) {
      if (policy < 0 || policy >= data.policies.length) return;
      state.policy = policy;
      $("policy").value = policy;
      drawLoad();
      show(state.at);
    }

    // Playing: where motion is not wanted, two pictures a second at most
    function tick(now) {
      if (!state.playing) return;
      if (now - state.before >= (calm.matches ? 500 : 30)) {
        state.carry += (Math.min(now - state.before, 1000) / 1000) * state.rate;
        state.before = now;
        const ahead = Math.floor(state.carry);
        state.carry -= ahead;
        if (ahead > 0) show(state.at + ahead);
        if (state.at === last) return stop();
      }
      requestAnimationFrame(tick);
    }
    function stop() {
      state.playing = false;
      $("play").textContent = "Play";
      $("told").setAttribute("aria-live", "polite");
    }
    function play() {
      if (state.playing) return stop();
      state.playing = true;
      state.carry = 0;
      state.before = performance.now();
      $("play").textContent = "Pause";
      // Nobody wants every picture read out.
      $("told").setAttribute("aria-live", "off");
      if (state.at === last) show(0);
      requestAnimationFrame(tick);
    }
    function step(by) { stop(); show(state.at + by); }

    const rates = [1, 2, 5, 10, 20, 50];
    const interval = last > 0 ? (times[last] - times[0]) / last / 60000 : 30;
    for (const rate of rates) {
      const option = document.createElement("option");
      option.value = rate;
      option.textContent = span(rate * interval) + " per second";
      $("speed").appendChild(option);
    }
    $("speed").value = calm.matches ? 2 : 10;
    state.rate = +$("speed").value;
    $("speed").addEventListener("change", () => { state.rate = +$("speed").value; });
    data.policies.forEach((name, place) => {
      const option = document.createElement("option");
      option.value = place;
      option.textContent = name;
      $("policy").appendChild(option);
    });
    $("policy").addEventListener("change", () => choose(+$("policy").value));
    $("play").addEventListener("click", play);
    $("back").addEventListener("click", () => step(-1));
    $("forward").addEventListener("click", () => step(1));
    $("scrub").max = last;
    $("scrub").addEventListener("input", () => { stop(); show(+$("scrub").value); });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const own = event.target.tagName;
      if (own === "SELECT" || (own === "BUTTON" && event.key === " ")) return;
      const isSlider = own === "INPUT";
      const keys = { " ": play, Escape: () => { state.pinned = state.hovered = -1; drawZone(); } };
      if (!isSlider) {
        Object.assign(keys, { ArrowLeft: () => step(event.shiftKey ? -10 : -1),
          ArrowRight: () => step(event.shiftKey ? 10 : 1), Home: () => step(-last), End: () => step(last) });
      }
      const digit = /^[1-9]$/.test(event.key) ? () => choose(+event.key - 1) : null;
      const action = Object.hasOwn(keys, event.key) ? keys[event.key] : digit;
      if (!action) return;
      event.preventDefault();
      action();
    });
    charts.forEach((chart) => scrubOn($(chart.id), chart));
    addEventListener("resize", () => { drawIntensity(); drawLoad(); drawCursor(); drawSizes(); });
    drawSizes();
    drawZone();
    choose(0);
    """#
}
