/// The page of `pylon report`: no script, nothing from elsewhere; texts are escaped by ``PageText``.
package enum ReportTemplate {
  /// The beginning of a page, up to its title.
  package static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="pylon {{program}}"/>
    <title>{{title}}</title>
    <style>
    {{{colors}}}
    \(style)
    </style>
    </head>
    <body>
    <main>
    <header>
    <h1>{{title}}</h1>
    """

  /// A table with `heading`, `head`, `rows` and `notes`; `classes` is empty, or has `left-2` or `left-3` for so many
  /// columns of texts.
  package static let table = """
    <div class="scroll" tabindex="0" role="region" aria-label="{{heading}}"><table{{#classes}} class="{{.}}"{{/classes}}>
    <thead><tr>{{#head}}<th scope="col">{{.}}</th>{{/head}}</tr></thead>
    <tbody>
    {{#rows}}<tr><th scope="row">{{name}}</th>{{#cells}}<td>{{.}}</td>{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    {{#notes}}<p class="muted">{{.}}</p>
    {{/notes}}
    """

  static let page = """
    \(head)
    <p class="muted">{{subtitle}}</p>
    </header>
    <section id="asked"><h2>What was asked</h2>
    {{#asked}}<p>{{.}}</p>
    {{/asked}}</section>
    <section id="verdict"><h2>Verdict</h2>
    <p class="verdict">{{verdict}}</p>
    </section>
    <section id="comparison"><h2>Comparison</h2>
    {{#tables}}<h3>{{heading}}</h3>
    \(table){{/tables}}</section>
    {{#hasFigures}}<section id="figures"><h2>Map and charts</h2>
    {{#figures}}<figure id="{{id}}"><div class="scroll" tabindex="0" role="region" aria-label="{{label}}">
    {{{svg}}}</div></figure>
    {{/figures}}</section>
    {{/hasFigures}}<section id="scenario"><h2>Scenario</h2>
    {{#scenarioNotes}}<p>{{.}}</p>
    {{/scenarioNotes}}{{#scenarioText}}<pre tabindex="0" aria-label="scenario file">{{.}}</pre>
    {{/scenarioText}}<h3>Zones</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Zones"><table class="zones">
    <thead><tr>{{#zoneHead}}<th scope="col">{{.}}</th>{{/zoneHead}}</tr></thead>
    <tbody>
    {{#zones}}<tr><th scope="row">{{name}}</th>{{#cells}}<td>{{.}}</td>{{/cells}}</tr>
    {{/zones}}</tbody></table></div>
    </section>
    <section id="again"><h2>How to run it again</h2>
    {{#command}}<pre class="command" tabindex="0" aria-label="command">{{.}}</pre>
    {{/command}}{{#againNotes}}<p>{{.}}</p>
    {{/againNotes}}<dl>
    {{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/facts}}</dl>
    </section>
    </main>
    </body>
    </html>

    """

  private static let style = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--background);color:var(--ink);
    font:16px/1.55 system-ui,"DejaVu Sans",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
    main{max-width:1120px;margin:0 auto;padding:24px 20px 60px}
    h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
    h2{font-size:1.25rem;margin:40px 0 8px;padding-top:12px;border-top:1px solid var(--grid)}
    h3{font-size:1rem;margin:24px 0 6px}
    p{margin:6px 0;max-width:75ch}
    .muted,dt{color:var(--muted)}
    .verdict{font-size:1.08rem;border-left:4px solid var(--accent);padding:2px 0 2px 14px}
    /* A shadow at the side where a table goes on. */
    .scroll{overflow-x:auto;background:
    linear-gradient(90deg,var(--background) 40%,transparent) 0 0/36px 100% no-repeat local,
    linear-gradient(270deg,var(--background) 40%,transparent) 100% 0/36px 100% no-repeat local,
    linear-gradient(90deg,var(--faint),transparent) 0 0/9px 100% no-repeat scroll,
    linear-gradient(270deg,var(--faint),transparent) 100% 0/9px 100% no-repeat scroll}
    .scroll:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
    th,td{padding:5px 8px;border-bottom:1px solid var(--grid);text-align:right;vertical-align:top;white-space:nowrap}
    thead th{color:var(--muted);font-weight:600;white-space:normal;min-width:5.2em;vertical-align:bottom}
    th:first-child{text-align:left;white-space:normal;min-width:10em;max-width:20em;overflow-wrap:anywhere;
    position:sticky;left:0;background:var(--background)}
    tbody th{font-weight:600}
    .zones :is(th,td):is(:nth-child(2),:nth-child(3)),.left-2 :is(th,td):nth-child(2),
    .left-3 :is(th,td):is(:nth-child(2),:nth-child(3)){text-align:left}
    figure{margin:18px 0}
    figure svg{display:block;width:100%;min-width:680px;height:auto}
    pre{background:var(--surface);border:1px solid var(--grid);border-radius:6px;padding:12px;overflow-x:auto;
    font:13px/1.45 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:normal}
    .command{white-space:pre-wrap;overflow-wrap:anywhere}
    dl{display:grid;gap:4px;margin:12px 0}
    dl div{display:grid;grid-template-columns:minmax(8em,16em) 1fr;gap:12px}
    dd{margin:0}
    @media (max-width:480px){main{padding:16px 12px 40px}th:first-child{min-width:8em;max-width:9.5em}dl div{grid-template-columns:1fr;gap:0}}
    @media print{
    @page{margin:14mm}
    body{font-size:10.5pt}
    main{max-width:none;padding:0}
    figure,tr,dl div{break-inside:avoid}
    h2,h3{break-after:avoid}
    .scroll,pre{overflow:visible}
    .scroll{background:none}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    table{font-size:7.5pt;width:100%}
    th,td{padding:2px 4px;white-space:normal}
    thead th,th:first-child{min-width:0}
    figure svg{min-width:0;max-height:240mm}
    }
    """
}
