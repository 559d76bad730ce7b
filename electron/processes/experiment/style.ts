/** Style of the experiment's page: paper, so that it prints as it looks. */
export const style = `
:root{color-scheme:light;--ink:#1c2026;--soft:#5b6370;--faint:#8b93a0;--line:#dfe3e8;--wash:#f6f7f9;--warn:#8a4b00;--warnwash:#fff6e8}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:40px 32px 72px}
header{margin-bottom:36px}
.kind{margin:0;color:var(--soft);font-size:13px}
h1{margin:2px 0 6px;font-size:28px;line-height:1.2;font-weight:650}
.lead{margin:0 0 14px;color:var(--soft)}
.warning{margin:0;padding:10px 14px;background:var(--warnwash);border-left:3px solid #d98a1f;color:var(--warn)}
section{margin:0 0 40px}
h2{margin:0 0 4px;font-size:18px;font-weight:620}
h3{margin:20px 0 4px;font-size:15px;font-weight:620}
section>p{margin:0 0 12px;color:var(--soft);font-size:14px;max-width:100ch}
.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:13.5px}
th,td{padding:7px 10px;text-align:right;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{vertical-align:bottom;font-weight:600;white-space:normal;line-height:1.25;border-bottom:1px solid var(--faint)}
th:first-child,td:first-child{text-align:left;padding-left:0}
tbody th{font-weight:500}
td i,th i{display:block;font-style:normal;font-weight:400;font-size:11.5px;line-height:1.35;color:var(--soft)}
.best{font-weight:680}
.unsure{color:var(--faint)}
.none{fill:var(--faint);color:var(--faint);font-size:11px}
.key{width:14px;height:14px;margin-right:8px;vertical-align:-2px}
.row{display:flex;gap:12px;align-items:flex-start}
figure{margin:0;min-width:0}
figcaption{font-size:13px;font-weight:600;margin:0 0 2px}
.wide+figcaption,figure>svg+figcaption{font-weight:400;color:var(--soft);margin-top:4px}
.w290{flex:290}
.w372{flex:372}
.w460{flex:460}
.w560{flex:560}
.row figcaption{padding-left:14px}
.w460.named figcaption{padding-left:41%}
.w560.named figcaption{padding-left:33.5%}
figure svg:not(.key){display:block;width:100%;height:auto}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
svg text.tick{fill:var(--soft);font-size:11px}
svg text.none{fill:var(--faint);font-size:11px}
.grid{stroke:#e6e9ee;stroke-width:1}
.rule{stroke:#f0f2f5;stroke-width:1}
.zero{stroke:var(--soft);stroke-width:1}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 8px;padding:0;list-style:none;font-size:13px}
details{margin-top:20px}
summary{cursor:pointer;font-weight:600}
.plain{margin:0;padding-left:18px;font-size:14px;color:var(--soft);max-width:90ch}
.plain li{margin-bottom:4px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 20px;margin:0;font-size:13.5px}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media print{main{padding:0;max-width:none}section{break-inside:avoid}}
`;
