/** The style sheet of the HTML report. One string, since the content security policy holds its hash. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #15181c);
  --panel: light-dark(#f5f6f7, #1d2126);
  --ink: light-dark(#1b1f24, #e4e7ea);
  --soft: light-dark(#57606a, #9aa4ae);
  --rule: light-dark(#d4d9de, #353c44);
  --link: light-dark(#0b57a4, #7ab7f5);
  --mark: light-dark(#fff3c4, #4a3d0c);
  --error: light-dark(#b3261e, #ff8a80);
  --warning: light-dark(#8a5a00, #f0b849);
  --note: light-dark(#3c6e47, #8fc79b);
  --c0: light-dark(#0072b2, #56a8dc); --c1: light-dark(#d55e00, #f08a45); --c2: light-dark(#009e73, #3cc79c);
  --c3: light-dark(#aa4499, #d98bcb); --c4: light-dark(#b08900, #e6c229); --c5: light-dark(#5b4fc4, #a79df2);
  --c6: light-dark(#7a5230, #c89b72); --c7: light-dark(#8b949e, #7d8590);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
main, header, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; display: flex; gap: 16px; align-items: start; justify-content: space-between; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; padding-top: 16px; border-top: 1px solid var(--rule); }
h3 { font-size: 16px; margin: 0 0 4px; }
p { margin: 0 0 8px; }
a { color: var(--link); }
code, .mono, td.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.error { color: var(--error); } .warning { color: var(--warning); } .note { color: var(--note); }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 4px; padding: 3px 8px; }
button { cursor: pointer; }
button.theme { white-space: nowrap; }
button.plain { border: 0; background: none; padding: 0; color: var(--link); text-decoration: underline; text-align: left; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px; }
dl.tiles { display: flex; flex-wrap: wrap; gap: 0; margin: 16px 0; border: 1px solid var(--rule); border-radius: 6px; overflow: hidden; }
dl.tiles div { flex: 1 1 130px; padding: 10px 16px; border-right: 1px solid var(--rule); margin-right: -1px; }
dl.tiles dt { color: var(--soft); font-size: 13px; }
dl.tiles dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 10px 4px 0; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; color: var(--soft); font-size: 13px; }
td.number, th.number { text-align: right; } td.line { white-space: nowrap; }
.wide { overflow-x: auto; }
.chart { width: 100%; min-width: 640px; height: auto; display: block; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart line { stroke: var(--rule); }
.s0 { fill: var(--c0); } .s1 { fill: var(--c1); } .s2 { fill: var(--c2); } .s3 { fill: var(--c3); }
.s4 { fill: var(--c4); } .s5 { fill: var(--c5); } .s6 { fill: var(--c6); } .s7 { fill: var(--c7); }
ul.legend { list-style: none; padding: 0; margin: 8px 0 0; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
ul.legend svg { width: 11px; height: 11px; margin-right: 6px; }
article { border: 1px solid var(--rule); border-left: 5px solid var(--soft); border-radius: 4px; padding: 12px 16px; margin: 0 0 12px; background: var(--panel); }
article.is-error { border-left-color: var(--error); } article.is-warning { border-left-color: var(--warning); } article.is-note { border-left-color: var(--note); }
article .about { font-size: 14px; margin-bottom: 8px; }
dl.rows { display: grid; grid-template-columns: 64px 1fr; gap: 4px 12px; margin: 8px 0 0; }
article p.only-screen { margin: 10px 0 0; }
dl.rows dt { color: var(--soft); } dl.rows dd { margin: 0; overflow-wrap: anywhere; }
.filters { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 8px; }
.filters label { display: flex; flex-direction: column; font-size: 13px; color: var(--soft); gap: 2px; }
.filters label.check { flex-direction: row; align-items: center; gap: 6px; padding-bottom: 5px; }
.filters input[type=search] { width: 260px; }
.filters select { max-width: 260px; }
.scroll { overflow: auto; height: 560px; border: 1px solid var(--rule); border-radius: 4px; background: var(--panel); }
.scroll table { table-layout: auto; }
.scroll thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; padding: 6px 10px; }
.scroll thead th button { border: 0; background: none; padding: 0; font: inherit; color: inherit; }
.scroll tbody td { height: 28px; padding: 2px 10px; white-space: nowrap; font-size: 13.5px; }
.scroll tbody tr.row { cursor: pointer; } .scroll tbody tr.row:hover { background: var(--paper); }
.scroll tbody tr.pad td { padding: 0; border: 0; height: auto; }
dialog { width: min(1120px, 96vw); max-height: 94vh; color: var(--ink); background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 0 24px 20px; }
dialog::backdrop { background: #0008; }
dialog .bar { position: sticky; top: 0; background: var(--paper); display: flex; gap: 8px; justify-content: flex-end; padding: 12px 0 8px; }
dialog .bar .grow { flex: 1; align-self: center; }
.ladder { min-width: 900px; width: 100%; height: auto; display: block; }
.ladder text { fill: var(--ink); font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.ladder .dim { fill: var(--soft); } .ladder .lane { stroke: var(--rule); stroke-width: 2; }
.ladder .wire { stroke: var(--soft); stroke-width: 1.2; } .ladder .tip { fill: var(--soft); }
.ladder .evidence .wire { stroke: var(--ink); stroke-width: 2.2; } .ladder .evidence .tip { fill: var(--ink); }
.ladder .evidence text { font-weight: 700; } .ladder .band { fill: none; } .ladder .evidence .band { fill: var(--mark); }
.ladder .rst .wire { stroke: var(--error); } .ladder .rst .tip { fill: var(--error); }
.ladder .fold .wire { stroke-dasharray: 4 4; }
details { border-bottom: 1px solid var(--rule); padding: 6px 0; } summary { cursor: pointer; }
details > :not(summary) { margin-left: 18px; }
footer { padding: 32px 24px 40px; font-size: 13px; color: var(--soft); }
@media (max-width: 640px) { main, header, footer { padding-left: 12px; padding-right: 12px; } dl.rows { grid-template-columns: 1fr; } dl.rows dt { margin-top: 4px; } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { color-scheme: light; font-size: 11px; }
  h1 { font-size: 18px; } h2 { font-size: 14px; margin-top: 20px; } h3 { font-size: 12px; } article .about, ul.legend { font-size: 11px; }
  .scroll tbody td { white-space: normal; height: auto; font-size: 10px; padding: 2px 4px; }
  .scroll thead th { padding: 2px 4px; }
  .filters, .theme, dialog .bar, .skip, .only-screen { display: none !important; }
  .scroll { height: auto !important; overflow: visible; border: 0; }
  .scroll thead th { position: static; }
  article, details, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  body:has(dialog[open]) > :not(dialog), body:has(dialog[open]) main > :not(dialog) { display: none; }
  dialog[open] { position: static; max-height: none; border: 0; width: auto; }
}
`;
