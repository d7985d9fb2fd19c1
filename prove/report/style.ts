import { FONT, theme } from "./theme";

/** Style of the page: readable on a phone, in both themes, and printed. */
export const STYLE = `
${theme(":root")}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 16px; font: 15px/1.5 ${FONT}; color: var(--text); background: var(--paper); overflow-wrap: break-word; }
h1 { font-size: 1.5rem; margin: 0 0 4px; } h2 { font-size: 1.2rem; margin: 32px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; } h3 { font-size: 1rem; margin: 16px 0 4px; }
a { color: var(--accent); }
.counts { display: flex; flex-wrap: wrap; gap: 8px; padding: 0; list-style: none; } .counts li { border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; background: var(--soft); }
.proven { color: var(--good); } .refuted { color: var(--bad); font-weight: 600; } .none { color: var(--lost-text); font-weight: 400; } .unknown { color: var(--open); } .not-applicable { color: var(--lost-text); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 0.9rem; } th, td { text-align: left; vertical-align: top; padding: 6px 8px; border-bottom: 1px solid var(--line); } th { background: var(--soft); } td:first-child { white-space: nowrap; }
summary { cursor: pointer; } ul { margin: 4px 0; padding-left: 20px; }
.names { margin: 0 0 12px; }
.regions { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 12px; } svg.region { width: 100%; height: auto; }
svg text { fill: var(--text); font-size: 12px; } svg .title { font-size: 16px; font-weight: 600; } svg .heading { font-weight: 600; } svg .note { font-size: 11px; fill: var(--lost-text); }
svg rect { fill: var(--paper); stroke: var(--line); } svg .frame { fill: var(--soft); } svg .zone { fill: none; stroke-dasharray: 4 3; }
svg .part rect { stroke: var(--accent); fill: var(--soft); stroke-width: 1.5; } svg .part.database rect, svg .part.cache rect, svg .part.table rect { stroke: var(--good); } svg .part.nat-gateway rect, svg .part.endpoint rect { stroke: var(--open); }
svg [data-loss], svg .part.losable { cursor: pointer; } svg [data-loss]:hover { text-decoration: underline; }
svg .dark > rect, svg rect.dark { fill: var(--lost); stroke: var(--bad); stroke-dasharray: 3 3; } svg .dark text { fill: var(--lost-text); text-decoration: line-through; }
.chooser { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; } .chooser select, .chooser button { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; max-width: 100%; }
.panel { border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; padding: 8px 12px; background: var(--soft); min-height: 3em; margin-bottom: 12px; }
.panel dl { display: grid; grid-template-columns: minmax(90px, max-content) 1fr; gap: 2px 12px; margin: 8px 0 0; } .panel dt { font-weight: 600; } .panel dd { margin: 0; }
.clock { display: flex; height: 22px; margin: 8px 0 2px; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; } .clock span { background: var(--accent); color: var(--paper); font-size: 11px; line-height: 22px; padding: 0 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; border-right: 1px solid var(--paper); }
@media print { body { max-width: none; font-size: 11px; } .chooser, .panel { display: none; } details > * { display: block; } h2 { break-after: avoid; } tr, svg.region { break-inside: avoid; } a[href]::after { content: " (" attr(href) ")"; font-size: 9px; } }
`;
