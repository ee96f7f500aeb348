/** Light, dark and paper; colours that people who see few of them can tell apart, as all text 4.5:1 on its ground. */
export const style = `
:root {
  --ground: #fbfaf8; --card: #fff; --ink: #1c2024; --soft: #5b6168; --rule: #dcdad4; --faint: #f1efea;
  --c0: #b04e08; --c1: #1f6fb2; --c2: #7a5aa6; --c3: #5d6b5f; --c0-fill: #f0a35e; --c1-fill: #5aa2dc;
  --c2-fill: #b39bd6; --c3-fill: #a4b3a7; --good: #1d7a46; --bad: #b3261e; --wait: #8a6100;
  --good-ground: #e3f3e9; --bad-ground: #fbe6e3; --wait-ground: #faf0d7;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --card: #1b1f24; --ink: #e8eaec; --soft: #a3abb3; --rule: #333a41; --faint: #22272d;
    --c0: #f3a35c; --c1: #6bb3ee; --c2: #bfa6e6; --c3: #a9b8ac; --c0-fill: #b9702c; --c1-fill: #2f79b8;
    --c2-fill: #7d63a8; --c3-fill: #66756a; --good: #67c990; --bad: #ff8d82; --wait: #e5bd5d;
    --good-ground: #173225; --bad-ground: #3c1d1a; --wait-ground: #362c12;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem); max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, h4, p, dl, ul, figure { margin: 0; }
h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; }
h1 span { color: var(--soft); font-weight: 400; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; margin: 3rem 0 1rem; }
h3 { font-size: 1.05rem; }
h4 { font-size: 0.9rem; margin: 0.9rem 0 0.2rem; }
h4 small, caption, figcaption p, .kind, footer { color: var(--soft); font-weight: 400; font-size: 0.85rem; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.85em; }
.kind { text-transform: uppercase; letter-spacing: 0.06em; font-size: 0.75rem; }
.way { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem; font-size: 1.25rem; margin: 0.7rem 0; }
.way bdi { font-weight: 650; border-bottom: 3px solid; padding-bottom: 1px; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.status { font-size: 0.85rem; padding: 0.15rem 0.7rem; border-radius: 1rem; margin-left: 0.3rem; }
.status.done { color: var(--good); background: var(--good-ground); }
.status.back, .status.running { color: var(--wait); background: var(--wait-ground); }
.status.abandoned { color: var(--bad); background: var(--bad-ground); }
.why { max-width: 46rem; }
header dl { display: flex; flex-wrap: wrap; gap: 0.9rem 2.2rem; margin-top: 1.4rem; padding-top: 1.1rem; border-top: 1px solid var(--rule); }
dt { color: var(--soft); font-size: 0.8rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.failure { margin-top: 1.2rem; padding: 0.8rem 1rem; border-left: 4px solid var(--bad); background: var(--bad-ground); border-radius: 0 6px 6px 0; }
.failure code { color: var(--bad); }
pre { white-space: pre-wrap; margin: 0.6rem 0 0; }
.cards { list-style: none; padding: 0; display: grid; gap: 0.8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr)); margin-bottom: 1.4rem; }
.cards li { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 0.8rem 0.9rem; display: flex; flex-direction: column; container-type: inline-size; }
.cards span { color: var(--soft); font-size: 0.85rem; }
.cards strong { font-size: clamp(1.1rem, 17cqi, 1.75rem); white-space: nowrap; line-height: 1.25; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.cards small { color: var(--soft); font-size: 0.8rem; }
.cards .bad { border-color: var(--bad); }
.cards .bad strong { color: var(--bad); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; font-size: 0.87rem; font-variant-numeric: tabular-nums; }
caption { caption-side: bottom; text-align: left; padding: 0.5rem 0.8rem; }
th, td { text-align: right; padding: 0.4rem 0.8rem; border-top: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: 0.8rem; vertical-align: bottom; white-space: normal; }
tbody th { font-weight: 550; }
th:first-child, td:first-child, #actions th, #actions td, #gates th, #gates td, #deployments th, #deployments td { text-align: left; }
td.words, #actions tbody th { white-space: normal; min-width: 13rem; overflow-wrap: anywhere; }
tr.done .outcome, tr.pass .outcome { color: var(--good); }
tr.failed .outcome, tr.fail .outcome, tr.rolled-back .outcome, tr.cancelled .outcome { color: var(--bad); font-weight: 650; }
tr.begun .outcome, tr.inconclusive .outcome, tr.running .outcome { color: var(--wait); }
.chart { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 1rem clamp(0.5rem, 2vw, 1.2rem) 0.6rem; margin-bottom: 1.2rem; break-inside: avoid; }
figcaption { display: flow-root; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-size: 0.85rem; margin-top: 0.3rem; }
.legend i { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 3px; margin-right: 0.4rem; vertical-align: -0.05rem; background: currentColor; }
.legend .share { color: var(--ink); }
.legend .share i { height: 0; border-radius: 0; border-top: 2px dashed var(--ink); background: none; width: 1.2rem; vertical-align: 0.25rem; }
.plot { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr) 2.8rem; margin-top: 0.8rem; }
.plot .strip { grid-column: 2; }
.plot .y { grid-column: 1; position: relative; }
.plot .area { grid-column: 2; position: relative; height: clamp(150px, 26vw, 230px); }
.plot .area.flat { height: 70px; }
.plot .y.right { grid-column: 3; }
.plot .x { grid-column: 2; position: relative; height: 1.6rem; }
.plot svg { display: block; width: 100%; height: 100%; overflow: visible; }
.y span, .x span, .x em { position: absolute; color: var(--soft); font-size: 0.75rem; line-height: 1; white-space: nowrap; font-variant-numeric: tabular-nums; }
.y span { right: 0.5rem; transform: translateY(-50%); max-width: 3.2rem; overflow: hidden; text-overflow: ellipsis; }
.y.right span { right: auto; left: 0.4rem; }
.x span, .x em { top: 0.45rem; transform: translateX(-50%); }
.strip { position: relative; height: 1.5rem; margin-bottom: 0.3rem; }
.strip span { position: absolute; top: 0; bottom: 0; min-width: 3px; overflow: hidden; white-space: nowrap; text-overflow: clip; font-size: 0.72rem; line-height: 1.5rem; padding-left: 0.3rem; background: var(--faint); border-left: 2px solid var(--soft); }
.strip span:empty { padding: 0; }
.strip .back, .strip .failed, .strip .rolled-back { background: var(--bad-ground); border-color: var(--bad); }
.strip .paused { background: var(--wait-ground); border-color: var(--wait); }
.strip .deployment.done { background: var(--good-ground); border-color: var(--good); }
path { fill: none; vector-effect: non-scaling-stroke; }
path.grid { stroke: var(--rule); stroke-width: 1; }
path.change { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; opacity: 0.7; }
path.failed { stroke: var(--bad); stroke-width: 2; }
path.share { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 6 3; stroke-linejoin: round; }
path.fill.c0 { fill: var(--c0-fill); } path.fill.c1 { fill: var(--c1-fill); }
path.fill.c2 { fill: var(--c2-fill); } path.fill.c3 { fill: var(--c3-fill); }
path.line, path.dot { stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
path.thin { stroke-width: 1; }
path.dot { stroke-width: 9; }
path.missed, path.doubled { stroke: var(--bad); stroke-width: 2; }
path.missed { stroke-dasharray: 3 3; }
rect.wait { fill: var(--faint); }
rect.duty { fill: var(--faint); }
.hits rect { fill: transparent; }
.hits rect:hover { fill: var(--ink); fill-opacity: 0.09; }
.lanes .area { height: auto; }
details { margin: 0.3rem 0 0.4rem; font-size: 0.85rem; }
summary { cursor: pointer; color: var(--soft); width: fit-content; border-radius: 4px; }
summary:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
details .scroll { max-height: 22rem; overflow-y: auto; margin-top: 0.5rem; }
.plan { display: grid; gap: 0.2rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.plan div { padding: 0.45rem 0; border-top: 1px solid var(--rule); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
#tip { position: fixed; z-index: 1; pointer-events: none; white-space: pre-line; background: var(--ink); color: var(--ground); font-size: 0.8rem; line-height: 1.4; padding: 0.4rem 0.6rem; border-radius: 6px; max-width: 20rem; font-variant-numeric: tabular-nums; }
#tip[hidden] { display: none; }
@media (max-width: 40rem) {
  body { padding-top: 1.4rem; }
  .x span:nth-of-type(even) { display: none; }
  .plot { grid-template-columns: 2.9rem minmax(0, 1fr) 2.4rem; }
  th, td { padding: 0.35rem 0.55rem; }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media print {
  @page { margin: 14mm; }
  body { padding: 0; max-width: none; font-size: 10pt; background: #fff; }
  h2 { margin-top: 1.6rem; break-after: avoid; }
  .scroll { overflow: visible; border: 0; }
  td, th { padding: 0.2rem 0.45rem; font-size: 8pt; }
  td.words, tbody th { white-space: normal; min-width: 0; }
  tr, .cards li { break-inside: avoid; }
  .plot .area { height: 150px; }
  .lanes .area { height: auto; }
  details, #tip { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
