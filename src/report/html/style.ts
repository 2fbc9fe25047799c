/** The style sheet of the HTML report. One string, since the content security policy holds its hash. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #15181c);
  --panel: light-dark(#f5f6f7, #1d2126);
  --ink: light-dark(#1b1f24, #e4e7ea);
  --soft: light-dark(#57606a, #9aa4ae);
  --rule: light-dark(#d4d9de, #353c44);
  --edge: light-dark(#79828c, #7a838d);
  --link: light-dark(#0b57a4, #7ab7f5);
  --mark: light-dark(#fff3c4, #3c3208);
  --error: light-dark(#b3261e, #ff8a80);
  --warning: light-dark(#8a5a00, #f0b849);
  --note: light-dark(#3c6e47, #8fc79b);
  --c0: light-dark(#0072b2, #56a8dc); --c1: light-dark(#d55e00, #f08a45); --c2: light-dark(#009e73, #3cc79c);
  --c3: light-dark(#aa4499, #d98bcb); --c4: light-dark(#b08900, #e6c229); --c5: light-dark(#5b4fc4, #a79df2);
  --c6: light-dark(#7a5230, #c89b72); --c7: light-dark(#7a828b, #7d8590);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
main, header, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; display: flex; gap: 16px; align-items: start; justify-content: space-between; }
h1 { font-size: 22px; line-height: 1.35; margin: 0 0 4px; overflow-wrap: anywhere; max-width: 62em; font-weight: 650; }
h1 .rest { font-weight: 400; font-size: 17px; display: block; }
p.name { margin: 0 0 6px; font-size: 14px; }
h2 { font-size: 17px; margin: 36px 0 10px; padding-top: 14px; border-top: 1px solid var(--rule); }
h2.first { border: 0; padding: 0; margin: 22px 0 4px; font-size: 14px; color: var(--soft); font-weight: 600; }
h3 { font-size: 16px; margin: 0 0 4px; }
p { margin: 0 0 8px; }
a { color: var(--link); }
code, .mono, td.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.error { color: var(--error); } .warning { color: var(--warning); } .note { color: var(--note); }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; padding: 3px 8px; }
button { cursor: pointer; }
button.theme { white-space: nowrap; }
button.plain { border: 0; background: none; padding: 0; color: var(--link); text-decoration: underline; text-align: left; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px; }
dl.tiles { display: flex; flex-wrap: wrap; gap: 8px 36px; margin: 14px 0 4px; }
dl.tiles div { display: flex; flex-direction: column; }
dl.tiles dd { margin: 0; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums; }
dl.tiles dt { color: var(--soft); font-size: 13px; order: 2; }
dl.tiles .tile-cut dd { font-size: 34px; font-weight: 650; color: var(--error); } dl.tiles .tile-refused dd { font-size: 28px; font-weight: 600; color: var(--warning); }
dl.tiles .tile-cut.none dd { color: var(--soft); font-weight: 400; }
dl.tiles div { justify-content: flex-end; }
ol.ranking { list-style: none; margin: 14px 0 0; padding: 0; border-top: 1px solid var(--rule); }
ol.ranking li { border-bottom: 1px solid var(--rule); }
ol.ranking a { display: grid; grid-template-columns: 52px 1fr 130px; gap: 14px; align-items: center; padding: 6px 4px; color: inherit; text-decoration: none; }
ol.ranking a:hover { background: var(--panel); } ol.ranking a:hover .title { text-decoration: underline; }
ol.ranking .count { text-align: right; font-size: 18px; font-variant-numeric: tabular-nums; }
ol.ranking .title { display: block; font-weight: 600; } ol.ranking .about { display: block; font-size: 13px; overflow-wrap: anywhere; }
ol.ranking svg { width: 100%; height: 8px; } ol.ranking rect { fill: var(--note); }
.is-error > a rect { fill: var(--error); } .is-warning > a rect { fill: var(--warning); }
p.remark { font-size: 14px; color: var(--soft); margin: 12px 0 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 10px 4px 0; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; color: var(--soft); font-size: 13px; }
td.number, th.number { text-align: right; } td.line { white-space: nowrap; }
.wide { overflow-x: auto; }
.chart { width: 100%; min-width: 560px; height: auto; display: block; }
.chart text { fill: var(--soft); font-size: 12px; }
.chart line { stroke: var(--rule); }
.chart .fold rect { fill: var(--panel); stroke: var(--rule); stroke-dasharray: 3 3; }
.s0 { fill: var(--c0); } .s1 { fill: var(--c1); } .s2 { fill: var(--c2); } .s3 { fill: var(--c3); }
.s4 { fill: var(--c4); } .s5 { fill: var(--c5); } .s6 { fill: var(--c6); } .s7 { fill: var(--c7); }
ul.legend { list-style: none; padding: 0; margin: 8px 0 0; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
ul.legend svg { width: 11px; height: 11px; margin-right: 6px; }
details.card { border: 1px solid var(--rule); border-left: 5px solid var(--note); border-radius: 4px; padding: 0; margin: 0 0 8px; background: var(--panel); }
details.card.is-error { border-left-color: var(--error); } details.card.is-warning { border-left-color: var(--warning); }
details.card > summary { padding: 8px 14px; } details.card > summary h3 { display: inline; }
details.card > summary p.about { font-size: 14px; margin: 2px 0 0 17px; overflow-wrap: anywhere; }
details.card > :not(summary) { margin: 8px 16px 12px; }
dl.rows { display: grid; grid-template-columns: 64px 1fr; gap: 4px 12px; margin: 8px 0 0; }
dl.rows.wider { grid-template-columns: max-content 1fr; font-size: 14px; }
dl.rows dt { color: var(--soft); } dl.rows dd { margin: 0; overflow-wrap: anywhere; }
.drawn:empty { display: none; }
.filters { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 8px; }
.filters label { display: flex; flex-direction: column; font-size: 13px; color: var(--soft); gap: 2px; }
.filters label.check { flex-direction: row; align-items: center; gap: 6px; padding-bottom: 5px; }
.filters input[type=search] { width: 260px; }
.filters select { max-width: 260px; }
.scroll { overflow: auto; height: 560px; border: 1px solid var(--rule); border-radius: 4px; background: var(--panel); }
.scroll table { table-layout: auto; }
.scroll thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; padding: 6px 10px; }
.scroll thead th button { border: 0; background: none; padding: 0; font: inherit; color: inherit; white-space: nowrap; }
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
details.term, details.list { border-bottom: 1px solid var(--rule); padding: 6px 0; } summary { cursor: pointer; }
details.term > :not(summary) { margin-left: 18px; }
footer { padding: 32px 24px 40px; font-size: 13px; color: var(--soft); }
@media (max-width: 640px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; }
  header { flex-direction: column-reverse; padding-top: 10px; gap: 8px; } button.theme { align-self: flex-end; font-size: 13px; }
  h1 { font-size: 18px; } h1 .rest { font-size: 15px; } dl.tiles { gap: 6px 24px; } dl.tiles dd { font-size: 18px; } dl.tiles .tile-cut dd { font-size: 28px; } dl.tiles .tile-refused dd { font-size: 22px; }
  ol.ranking a { grid-template-columns: 48px 1fr; gap: 10px; } ol.ranking svg { display: none; } ol.ranking .count { font-size: 16px; }
  dl.rows, dl.rows.wider { grid-template-columns: 1fr; } dl.rows dt { margin-top: 4px; font-weight: 600; }
  .filters input[type=search], .filters select { width: 100%; max-width: 100%; } .filters label { flex: 1 1 140px; }
  dialog { padding: 0 12px 12px; } dialog .bar .grow { display: none; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  @page { margin: 12mm; }
  :root { color-scheme: light; font-size: 9.5px; line-height: 1.35; }
  main, header, footer { padding: 0; max-width: none; } header { padding-top: 0; } footer { padding-top: 12px; font-size: 9px; }
  h1 { font-size: 15px; } h1 .rest { font-size: 11px; } h2 { font-size: 12px; margin: 12px 0 4px; padding-top: 6px; } h3 { font-size: 11px; }
  details.card > summary p.about, ul.legend, dl.rows, ol.ranking .about, dl.tiles dt, p.remark, p.name, .soft { font-size: 9.5px; }
  dl.tiles dd, dl.tiles .tile-cut dd, dl.tiles .tile-refused dd { font-size: 16px; } ol.ranking a { padding: 2px 0; } ol.ranking .count { font-size: 11px; }
  details.card { margin-bottom: 4px; background: none; } details.card > summary { padding: 3px 8px; } details.card > :not(summary) { margin: 2px 8px 6px; }
  .chart { min-width: 0; max-height: 120px; } .ladder { min-width: 0; max-height: 260px; }
  .scroll tbody td { white-space: normal; height: auto; font-size: 8px; padding: 1px 4px; line-height: 1.25; }
  .scroll thead th { padding: 2px 4px; font-size: 8px; position: static; }
  .filters, .theme, dialog .bar, .skip, .only-screen, #glossary, details.term, details.list:not([open]) { display: none !important; }
  .scroll { height: auto !important; overflow: visible; border: 0; background: none; } .wide { overflow: visible; }
  tr, ol.ranking li, dl.rows dd { break-inside: avoid; }
  h2, summary { break-after: avoid; }
  body:has(dialog[open]) > :not(dialog), body:has(dialog[open]) main > :not(dialog) { display: none; }
  dialog[open] { position: static; max-height: none; border: 0; width: auto; }
}
`;
