"""How the result page looks: on a wide screen, on a telephone, on A4.

Belongs here: the style sheet. Does not belong here: what stands on the page.

Every meaning is in a word or a shape as well as in a colour: a wrong cell is framed and crossed, a possible one dashed, one
that is not certain hatched. So it survives a printer without colours.
"""

STYLE = """
:root { --red: #b3261e; --redbg: #ffdad6; --amber: #8a5a00; --amberbg: #fff1c9; --blue: #1f5f8b; --bluebg: #e3eef8;
  --green: #1e6b3a; --greenbg: #e2f3e8; --ink: #1b1c1e; --grey: #5f6368; --line: #b4b8bf; --soft: #f3f4f6; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: #eef0f3; color: var(--ink); font: 15px/1.65 "Microsoft YaHei", "微软雅黑", "PingFang SC",
  "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", SimHei, SimSun, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 20px 20px 60px; }
h1, h2, h3, h4, p { margin: 0; } a { color: var(--blue); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 22px; line-height: 1.4; } h2 { font-size: 20px; line-height: 1.4; }
h3 { font-size: 17px; margin: 26px 0 8px; padding-left: 9px; border-left: 4px solid #7f8ea3; line-height: 1.35; }
h4 { font-size: 15px; line-height: 1.5; font-weight: 600; }
.quiet { color: var(--grey); font-size: 13px; } .path { overflow-wrap: anywhere; }
.sheet { background: #fff; border: 1px solid #d9dce1; border-radius: 8px; padding: 20px 24px 26px; margin: 0 0 18px; }
.verdict { border-left: 8px solid var(--grey); padding: 4px 0 4px 16px; margin: 12px 0; }
.verdict b { font-size: 24px; line-height: 1.35; } .verdict .said { font-size: 16px; }
.verdict.fail, .verdict.unreadable { border-color: var(--red); } .verdict.fail b, .verdict.unreadable b { color: var(--red); }
.verdict.warn { border-color: #d59a1c; } .verdict.warn b { color: var(--amber); }
.verdict.pass { border-color: var(--green); } .verdict.pass b { color: var(--green); }
.tag { display: inline-block; border-radius: 3px; padding: 0 7px; font-size: 13px; line-height: 21px; color: #fff;
  white-space: nowrap; background: var(--grey); font-weight: 400; }
.tag.error, .tag.fail, .tag.unreadable, .tag.missing { background: var(--red); }
.tag.warning, .tag.warn, .tag.late, .tag.unfiled { background: var(--amber); } .tag.note { background: var(--blue); }
.tag.pass, .tag.received, .tag.closed { background: var(--green); }
.problem { border: 1px solid #dfe2e7; border-left: 5px solid var(--line); border-radius: 4px; padding: 8px 14px 10px;
  margin: 10px 0; break-inside: avoid; }
.problem.error { border-left-color: var(--red); } .problem.warning { border-left-color: #d59a1c; }
.problem.note { border-left-color: #6aa0cc; }
.problem ul { margin: 4px 0 2px; padding-left: 20px; } .problem li { margin: 1px 0; }
.problem .why { margin-top: 3px; } .problem .most { margin: 3px 0; font-weight: 600; color: #7a1c16; } .problem .do { margin-top: 4px; color: var(--green); }
.problem .do b { font-weight: 600; } .problem .go { font-size: 13px; margin-left: 8px; font-weight: 400; white-space: nowrap; }
.number { display: inline-block; min-width: 22px; height: 22px; border-radius: 11px; background: #3c4654; color: #fff;
  font-size: 13px; line-height: 22px; text-align: center; padding: 0 5px; margin-right: 4px; }
.quote { color: #44484e; } .quote mark { padding: 0 2px; border-radius: 2px; background: var(--bluebg); }
mark.yes { background: var(--greenbg) !important; } mark.no { background: var(--redbg) !important; font-weight: 600;
  border-bottom: 2px solid var(--red); }
.scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
.unit { font-size: 13px; color: var(--grey); font-weight: 400; }
table.form { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 13.5px; line-height: 1.4;
  border: 1.5px solid #4a4f57; }
.form th, .form td { border: 1px solid #8b9098; padding: 4px 5px; font-weight: 400; text-align: center;
  vertical-align: middle; overflow-wrap: anywhere; }
.form th { background: var(--soft); } .form th.l { text-align: left; background: #fff; } .form th.p { background: #d9e6f4; text-align: left; }
.form td { font-variant-numeric: tabular-nums; font-size: 14px; } .form td.z { color: #8a8f96; }
.form td i { font-style: normal; color: #6b7076; font-size: 12px; }
.form td small, .form td em { display: block; font-size: 11.5px; line-height: 1.3; font-style: normal; font-weight: 400; }
.form td small { color: #74797f; } .form td em { color: var(--green); font-weight: 700; white-space: nowrap; }
.form td em.s { color: var(--red); font-weight: 400; white-space: normal; }
.form td.bad { background: var(--redbg); box-shadow: inset 0 0 0 2.5px var(--red); font-weight: 700; color: #8c1d18; }
.form td.bad > s { text-decoration-thickness: 1.5px; }
.form td.doubt { background: var(--amberbg); outline: 2px dashed #c08a14; outline-offset: -3px; font-weight: 600; }
.form td.doubt.m { outline: 0; font-weight: 400; } .form td.hint { background: var(--bluebg); } .form td.said { background: #f6f3fb; box-shadow: inset 0 -2px 0 #a994cf; } .form td.said em.s { color: #5b3f95; }
.form td.sum { background: #fbf3f2; box-shadow: inset 0 -2px 0 #d98d87; }
.form td.open { background: repeating-linear-gradient(45deg, #efe6fa 0 6px, #fff 6px 12px); }
.form td.gone, .form td.unread { background: repeating-linear-gradient(-45deg, #e9eaec 0 4px, #fff 4px 9px); }
.form td { position: relative; } .form sup { position: absolute; top: 1px; right: 3px; line-height: 1.2; font-size: 10.5px; }
.form sup a { color: #3c4654; font-weight: 700; }
.form tfoot th, .form tfoot td { background: #fff7f6; color: #8c1d18; font-size: 12.5px; border-style: dashed; }
.form td:target, .problem:target, .said-in:target { animation: seen 2.2s ease-out 1; }
@keyframes seen { from { background: #9fd0ff; } }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12.5px; color: #4d5157; margin: 4px 0 10px; }
.legend span::before { content: ""; display: inline-block; width: 22px; height: 14px; margin-right: 5px; vertical-align: -2px;
  border: 1px solid #8b9098; }
.legend .bad::before { background: var(--redbg); border: 2px solid var(--red); }
.legend .doubt::before { background: var(--amberbg); border: 2px dashed #c08a14; }
.legend .said::before { background: #f6f3fb; border-bottom: 3px solid #a994cf; } .legend .hint::before { background: var(--bluebg); } .legend .sum::before { background: #fbf3f2; border-bottom: 3px solid #d98d87; }
.legend .open::before { background: repeating-linear-gradient(45deg, #e2d3f5 0 4px, #fff 4px 8px); }
.legend .gone::before { background: repeating-linear-gradient(-45deg, #d9dbde 0 3px, #fff 3px 7px); }
.legend .last::before { content: "12 +3"; width: auto; height: auto; border: 0; color: #74797f; font-size: 11.5px; vertical-align: 0; }
.lacking { border: 1px dashed #8b9098; border-radius: 4px; padding: 10px 14px; color: #4d5157; background: var(--soft); }
.said-in { border: 1px solid #dfe2e7; border-radius: 4px; padding: 8px 14px; margin: 8px 0; break-inside: avoid;
  display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 4fr); gap: 4px 20px; align-items: start; }
.said-in.no { border-left: 5px solid var(--red); } .said-in.open-q { border-left: 5px solid #d59a1c; }
table.plain { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.45; }
.plain th, .plain td { border-bottom: 1px solid #dde0e5; padding: 4px 8px; text-align: left; vertical-align: top; }
.plain th { font-weight: 600; color: #4d5157; background: var(--soft); } .plain td.n, .plain th.n { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; } .plain .no td { background: var(--redbg); } .plain tr:target td { animation: seen 2.2s; }
.plain td.fine { color: var(--green); } .plain td.wrongly { color: var(--red); font-weight: 600; white-space: nowrap; }
.plain.list th, .plain td.nw { white-space: nowrap; } .plain.list td.w { min-width: 15em; overflow-wrap: anywhere; } .plain.list td:first-child:not(.n) { min-width: 8em; } .plain.list td .tag { white-space: normal; min-width: 5.4em; }
details > summary { cursor: pointer; color: var(--blue); font-size: 14px; padding: 6px 0; }
.boxes { display: flex; flex-wrap: wrap; gap: 10px; margin: 12px 0 4px; }
.box { border: 1px solid #d0d3d8; border-radius: 6px; padding: 6px 16px; min-width: 92px; text-align: center; background: #fff; }
.box b { display: block; font-size: 24px; line-height: 1.3; } .box.fail b, .box.unreadable b, .box.missing b { color: var(--red); }
.box.warn b, .box.late b, .box.unfiled b { color: var(--amber); } .box.pass b, .box.received b { color: var(--green); }
.group { margin: 8px 0; } .group ul { margin: 2px 0 0; padding-left: 20px; } .group li { margin: 1px 0; }
.paper { display: none; }
footer { color: var(--grey); font-size: 12.5px; padding: 0 4px; } footer p { margin: 2px 0; }
@media (max-width: 700px) {
  body { font-size: 14.5px; background: #fff; } main { padding: 0 0 30px; } .sheet { border: 0; border-radius: 0; padding: 14px 12px 18px;
    border-bottom: 8px solid #eef0f3; margin: 0; } h1 { font-size: 18px; } h2 { font-size: 18px; } h3 { font-size: 16px; margin-top: 20px; }
  .verdict { border-left-width: 6px; padding-left: 11px; } .verdict b { font-size: 20px; } .verdict .said { font-size: 15px; }
  .problem { padding: 7px 10px 8px; } .said-in { grid-template-columns: 1fr; padding: 7px 10px; }
  .form th, .form td { padding: 2px 1px; font-size: 10.5px; line-height: 1.3; } .form th.l, .form th.p { padding-left: 3px; }
  .form td { font-size: 11.5px; } .form td small, .form td em { font-size: 9.5px; white-space: normal; } .form td i { font-size: 10px; }
  .form sup { font-size: 8.5px; top: 0; right: 1px; }
  .groups col:nth-child(1) { width: 4.5% !important; } .groups col:nth-child(2) { width: 10.5% !important; }
  .groups col:nth-child(3) { width: 23.4% !important; } .groups col:nth-child(n+4) { width: 8.8% !important; }
  .plain.list thead { display: none; } .plain.list tr { display: block; border-bottom: 1px solid #d0d3d8; padding: 6px 0; }
  .plain.list td { display: inline; border: 0; padding: 0 6px 0 0; text-align: left; } .plain.list td.w { display: block; }
  .plain.list td.hide { display: none; } .plain.list td:empty { display: none; }
  .plain.list td[data-h]:not(:empty)::before { content: attr(data-h) " "; color: var(--grey); font-size: 12px; }
  .boxes { gap: 6px; } .box { padding: 4px 10px; min-width: 70px; }
}
@media print {
  @page { size: A4; margin: 11mm 12mm; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { background: #fff; font-size: 10pt; line-height: 1.5; } main { max-width: none; padding: 0; }
  .sheet { border: 0; padding: 0; margin: 0; border-radius: 0; } .sheet + .sheet { break-before: page; }
  a { color: inherit; } h1 { font-size: 15pt; } h2 { font-size: 14pt; } h3 { font-size: 12pt; margin-top: 14pt; }
  h2, h3, h4, summary { break-after: avoid; } .go, .up, .screen { display: none !important; }
  .form, .form td { font-size: 9pt; line-height: 1.25; } .form th, .form td { padding: 1.5px 2px; } .form tr { break-inside: avoid; }
  .form td small, .form td em { font-size: 7.2pt; line-height: 1.15; white-space: normal; }
  thead { display: table-header-group; } tfoot { display: table-row-group; } .scroll { overflow: visible; }
  .keep { break-inside: avoid; } .passed.passed { break-before: auto; break-inside: avoid; margin-top: 12pt; } details.folded { display: none; }
  details::details-content { content-visibility: visible; height: auto; display: block; }
  .problem { margin: 6px 0; } .said-in { grid-template-columns: 1fr 1fr; } .plain { font-size: 9pt; } .paper { display: block; }
  .many { font-size: 9pt; line-height: 1.4; } .many .clean, .many .silent, .many .agree, .many .rest { display: none; }
  .many .short.short { break-before: auto; break-inside: avoid; margin-top: 12pt; } .many .short + .short, .many .passed + .passed {
  border-top: 1px solid #b4b8bf; padding-top: 8pt; } .many h2 { font-size: 12.5pt; } .many h3 { font-size: 11pt; margin-top: 8pt; }
  .many .verdict { margin: 5pt 0; padding: 1pt 0 1pt 10pt; } .many .verdict b { font-size: 12.5pt; margin-right: 8pt; } .many .verdict b, .many .verdict .said {
  display: inline; } .many .verdict .said { font-size: 10pt; } .many .problem { padding: 3pt 9pt 4pt; margin: 4pt 0; } .many .number { height: auto; line-height: 1.3; }
  .many .form, .many .form td { font-size: 8.5pt; line-height: 1.2; } .many .form th, .many .form td { padding: 1px 2px; }
  .many .form td:not(.bad):not(.doubt):not(.hint):not(.said):not(.sum) small { display: none; }
  .many .plain.list { font-size: 8.5pt; line-height: 1.35; } .many .plain.list td { padding: 1.5pt 4pt; } .many .plain.list tr { break-inside: avoid; }
  .many .list .tag { font-size: 8pt; line-height: 1.4; min-width: 0 !important; white-space: nowrap !important; padding: 0 4px; }
  .many .list .quiet { font-size: 8pt; } .many .list td.w { min-width: 0; } .many .boxes { gap: 6px; margin: 6px 0 2px; }
  .many .box { padding: 1pt 10pt; min-width: 0; } .many .box b { font-size: 14pt; } .many .group, .many .roster { font-size: 8.5pt; }
  .many .roster td.w { max-width: 17em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
}
"""
