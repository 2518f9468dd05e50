/** The style sheet of a report as HTML: light and dark as the reader's system is, and for paper. */

export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#fff, #1f1f1f); --fg: light-dark(#1f1f1f, #e4e4e4); --dim: light-dark(#5c5c5c, #a6a6a6); --line: light-dark(#d8d8d8, #3a3a3a); --all: light-dark(#f3f3f3, #181818); }
.c0 { --c: light-dark(#1a6dc4, #4f9df7); } .c1 { --c: light-dark(#7b4fd0, #b18cf5); } .c2 { --c: light-dark(#0f7f72, #35bfae); } .c3 { --c: light-dark(#b0357a, #e87bb5); } .c4 { --c: light-dark(#8a6100, #d2a85e); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 13px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main, footer { max-width: 1500px; margin: 0 auto; padding: 16px 20px; }
footer, header p, dt, .facts span, thead th, .axis, figcaption { color: var(--dim); }
header { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
h1 { margin: 0; font-size: 18px; } h2 { margin: 28px 0 8px; font-size: 14px; } h3 { margin: 0; font-size: 13px; overflow-wrap: anywhere; }
header p { margin: 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px 0; margin: 16px 0; }
.facts div { padding: 0 14px; border-left: 1px solid var(--line); } .facts dd { margin: 0; } .facts dd { overflow-wrap: anywhere; } .facts b { display: block; font-size: 17px; }
.scroll { overflow-x: auto; }
.connections { width: 100%; border-collapse: collapse; white-space: nowrap; }
.connections th, .connections td { padding: 5px 10px; border-bottom: 1px solid var(--line); text-align: right; font-weight: normal; }
.connections th:first-child, .connections td:nth-child(2), .connections thead th:nth-child(2) { text-align: left; }
.connections tbody th, tfoot th, tfoot td { font-weight: 600; } .connections tbody th { max-width: 320px; overflow: hidden; text-overflow: ellipsis; }
tfoot { background: var(--all); }
.mark { display: inline-block; width: 3px; height: 13px; margin-right: 7px; vertical-align: -2px; background: var(--c); }
.charts { display: grid; grid-template-columns: minmax(90px, 180px) minmax(0, 2fr) minmax(0, 1fr) minmax(0, 1fr); gap: 10px 20px; align-items: center; }
.charts > b { font-weight: normal; color: var(--dim); }
figure { position: relative; margin: 0; padding-left: 40px; }
figcaption { position: absolute; left: 0; top: -6px; bottom: -6px; width: 34px; display: flex; flex-direction: column; justify-content: space-between; font-size: 11px; text-align: right; }
svg { display: block; width: 100%; height: 72px; border-bottom: 1px solid var(--dim); }
path { fill: var(--c); } .grid { fill: none; stroke: var(--line); vector-effect: non-scaling-stroke; } .down { fill: var(--dim); opacity: .35; }
.axis { position: relative; height: 16px; margin-left: 40px; font-size: 11px; } .axis span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.details { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 4px 0 16px 10px; } .details dd { margin: 0; overflow-wrap: anywhere; }
.findings { margin: 0; padding: 0; list-style: none; } .findings li { padding: 8px 0 0; border-bottom: 1px solid var(--line); } .findings p { margin: 2px 0; overflow-wrap: anywhere; } .findings .place, .findings code { color: var(--dim); font-weight: normal; } .findings .details { margin: 4px 0 8px; }
.error { color: light-dark(#b3261e, #f48771); } .warning { color: light-dark(#8a6100, #d2a85e); } .info { color: light-dark(#1a6dc4, #4f9df7); } a { color: light-dark(#1a6dc4, #4f9df7); }
@media (max-width: 720px) { .charts { grid-template-columns: minmax(0, 1fr); } .charts > b:empty { display: none; } .details { grid-template-columns: 1fr; } }
@media print { :root { color-scheme: light; } section { break-inside: avoid; } }
`
