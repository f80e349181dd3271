/// The page of `pylon replay`: nothing comes from elsewhere, texts are escaped by ``PageText``.
enum ReplayTemplate {
  static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="pylon {{program}}"/>
    <title>{{title}}: replay</title>
    <style>
    {{{colors}}}
    \(style)
    </style>
    </head>
    <body>
    <main>
    <header>
    <h1>{{title}}</h1>
    <p class="muted">{{subtitle}}</p>
    </header>
    <noscript><p>The replay needs JavaScript; the report of the result does not.</p></noscript>
    <div id="controls" role="group" aria-label="Replay">
    <button id="play" type="button">Play</button>
    <button id="back" type="button" aria-label="One step back">◀</button>
    <button id="forward" type="button" aria-label="One step forward">▶</button>
    <output id="clock"></output>
    <input id="scrub" type="range" min="0" max="1" value="0" step="1" aria-label="Time"/>
    <label>Speed <select id="speed"></select></label>
    <label>Policy <select id="policy"></select></label>
    </div>
    <dl id="counters" aria-label="Jobs and emissions">
    <div><dt>waiting</dt><dd id="count-waiting"></dd></div>
    <div><dt>running</dt><dd id="count-running"></dd></div>
    <div><dt>finished</dt><dd id="count-finished"></dd></div>
    <div><dt>deadlines missed</dt><dd id="count-missed"></dd></div>
    <div><dt>CO₂ so far</dt><dd id="count-carbon"></dd></div>
    </dl>
    <div id="stage">
    <div id="map">
    {{#maps}}<svg class="{{kind}}" viewBox="0 0 {{width}} {{height}}" role="group" aria-label="Map of the zones">
    {{{ground}}}
    <g id="{{id}}"></g>
    </svg>
    {{/maps}}</div>
    <aside>
    <div id="told" aria-live="polite">
    <h2 id="zone">All zones</h2>
    <dl id="details"></dl>
    </div>
    <p class="muted hint">Point at a zone, tap it or reach it with the Tab key. Space plays and pauses; the arrow keys \
    step (with Shift, ten steps); Home and End go to the start and the end; 1 to 9 choose the policy; Enter pins a \
    zone, Escape unpins it.</p>
    <ul id="legend">
    <li>Colour of {{#hasAreas}}areas and {{/hasAreas}}markers: carbon intensity, gCO₂/kWh<br/>
    0 <span class="ramp" style="background:linear-gradient(90deg,{{ramp}})"></span> {{top}}</li>
    <li>Area of a marker: jobs running, also as a number where there is room<br/><svg id="sizes" role="img" \
    aria-label="Markers of some numbers of jobs"></svg></li>
    {{#hasOutages}}<li>Dashed and crossed: out of service</li>
    {{/hasOutages}}    </ul>
    </aside>
    </div>
    <section>
    <h2>Carbon intensity, gCO₂/kWh <small id="intensity-of" class="muted"></small></h2>
    <div class="chart"><svg id="intensity" role="img" aria-label="Carbon intensity over time"></svg></div>
    <h2>Load <small id="load-of" class="muted"></small></h2>
    <div class="chart"><svg id="load" role="img" aria-label="Load over time"></svg></div>
    {{#notes}}<p class="muted">{{.}}</p>
    {{/notes}}</section>
    </main>
    <script type="application/json" id="data">{{{data}}}</script>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """

  private static let style = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--background);color:var(--ink);
    font:15px/1.5 system-ui,"DejaVu Sans",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
    main{max-width:1280px;margin:0 auto;padding:18px 20px 40px}
    h1{font-size:1.5rem;line-height:1.2;margin:0}
    h2{font-size:1rem;margin:18px 0 4px}
    h2 small{font-weight:400;font-size:.85rem}
    p{margin:4px 0}
    .muted,dt{color:var(--muted)}
    #controls{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;
    padding:10px 0;background:var(--background);border-bottom:1px solid var(--grid)}
    button,select{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--faint);
    border-radius:6px;padding:7px 12px;min-height:38px;max-width:100%}
    #play{min-width:5.2em;font-weight:600}
    button:focus-visible,select:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    #clock{font-variant-numeric:tabular-nums;font-weight:600;min-width:12.5em}
    #scrub{flex:1 1 180px;min-width:120px;accent-color:var(--accent);height:32px}
    #stage{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:24px;align-items:start}
    #map svg{display:block;width:100%;height:auto;max-height:max(560px,calc(100vh - 150px));touch-action:manipulation;
    font-family:"DejaVu Sans",Helvetica,Arial,sans-serif}
    #map .narrow{display:none}
    .marker{cursor:pointer;outline:none}
    .hit{fill:transparent}
    .base{fill:none;stroke:var(--background);stroke-width:3}
    .disc{stroke:var(--ink);stroke-width:1.3}
    .size{fill:none;stroke:var(--ink);stroke-width:1.3}
    .crowded .base{display:none}
    .crowded .disc,.crowded .cross{stroke-width:.5}
    .crowded .disc{fill-opacity:.85}
    #sizes{display:block;max-width:100%}
    .cross{stroke:var(--ink);stroke-width:1.3;fill:none}
    .marker:focus-visible .base,.shown .base{stroke:var(--accent);stroke-width:5}
    .count{text-anchor:middle;pointer-events:none}
    .intensity{font-size:12.5px;fill:var(--ink);stroke:var(--background);stroke-width:3px;
    stroke-linejoin:round;paint-order:stroke;
    font-variant-numeric:tabular-nums;pointer-events:none}
    .narrow .intensity{font-size:10.5px}
    #counters{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5em,1fr));gap:8px 18px;margin:12px 0 6px}
    #counters div{display:block}
    #counters dt{font-size:.82rem;line-height:1.2}
    #counters dd{font-size:1.35rem;font-weight:600;line-height:1.3}
    dl{display:grid;gap:3px;margin:6px 0 12px}
    dl div{display:grid;grid-template-columns:11.5em 1fr;gap:10px}
    dd{margin:0;font-variant-numeric:tabular-nums}
    aside h2{font-size:1.1rem;margin-top:12px}
    .hint{font-size:.85rem}
    #legend{list-style:none;margin:14px 0 0;padding:10px 12px;font-size:.85rem;background:var(--surface);
    border:1px solid var(--grid);border-radius:6px}
    .ramp{display:inline-block;width:120px;height:11px}
    .chart{overflow:hidden}
    .chart svg{display:block;cursor:crosshair;touch-action:pan-y}
    .grid{stroke:var(--grid);fill:none}
    .tick{fill:var(--muted);font-size:11px}
    .other{stroke:var(--muted);stroke-opacity:.4;fill:none}
    .own{stroke:var(--accent);stroke-width:2;fill:none}
    .cursor{stroke:var(--ink);stroke-dasharray:3 3;fill:none}
    .dot{fill:var(--accent);stroke:var(--background);stroke-width:1.5}
    @media (prefers-reduced-motion:no-preference){.disc,.base{transition:r .12s linear}}
    @media (max-width:760px){
    main{padding:12px 12px 30px}
    #stage{grid-template-columns:minmax(0,1fr);gap:8px}
    #map .wide{display:none}
    #map .narrow{display:block;max-height:none}
    #controls{position:static}
    aside{display:contents}
    #told{position:sticky;bottom:0;z-index:1;background:var(--background);border:solid var(--grid);border-width:1px 0}
    #told h2{margin:6px 0 2px;font-size:1rem}
    #told dl{grid-template-columns:1fr 1fr;gap:2px 12px;margin:0 0 8px;font-size:.85rem}
    #told dl div{grid-template-columns:1fr;gap:0}
    #told dt{font-size:.78rem;line-height:1.2}
    #told dd{line-height:1.3}
    #clock{min-width:0;flex:1 0 100%;order:-1}
    }
    @media print{#controls,.hint{display:none}}
    """
}
