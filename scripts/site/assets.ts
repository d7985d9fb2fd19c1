import { FONT, theme } from "../../prove/report/theme";

/** Style of the site: one column on a phone, two on a desk, the text alone on paper. */
export const STYLE = `${theme(":root")}
* { box-sizing: border-box; }
html { scroll-padding-top: 64px; }
body { margin: 0; font: 16px/1.6 ${FONT}; color: var(--text); background: var(--paper); overflow-wrap: break-word; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header { position: sticky; top: 0; z-index: 1; display: flex; gap: 16px; align-items: center; padding: 8px 24px; background: var(--soft); border-bottom: 1px solid var(--line); }
.home { font-weight: 700; text-decoration: none; color: var(--text); } .menu { display: none; white-space: nowrap; }
.search { position: relative; flex: 1; max-width: 480px; } .search input { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; }
#results { position: absolute; inset: 100% 0 auto; margin: 4px 0 0; padding: 4px 0; list-style: none; max-height: 70vh; overflow: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 6px 20px #0003; } #results a { display: block; padding: 6px 12px; text-decoration: none; color: var(--text); } #results a:hover, #results a:focus { background: var(--soft); } #results small { display: block; color: var(--quiet); } #results p { margin: 0; padding: 6px 12px; color: var(--quiet); }
.columns { display: flex; flex-direction: row-reverse; justify-content: center; max-width: 1240px; margin: 0 auto; }
main { flex: 1; min-width: 0; max-width: 900px; padding: 16px 32px 64px; }
nav { width: 272px; flex: none; position: sticky; top: 56px; align-self: flex-start; max-height: calc(100vh - 56px); overflow: auto; padding: 16px; border-right: 1px solid var(--line); font-size: 15px; }
nav summary { cursor: pointer; font-weight: 600; padding: 4px 0; } nav ul { list-style: none; margin: 0 0 8px; padding: 0 0 0 16px; } nav li a { display: block; padding: 3px 0; text-decoration: none; color: var(--quiet); line-height: 1.35; } nav li a:hover { color: var(--accent); text-decoration: underline; } nav .start { padding: 0; } nav .start a { color: var(--text); font-weight: 600; } nav a[aria-current] { color: var(--accent); font-weight: 600; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 8px 0 16px; } h2 { font-size: 1.4rem; margin: 40px 0 12px; padding-bottom: 4px; border-bottom: 1px solid var(--line); } h3 { font-size: 1.15rem; margin: 28px 0 8px; }
.anchor { text-decoration: none; color: var(--quiet); opacity: 0; } :is(h1, h2, h3, h4):hover .anchor, .anchor:focus { opacity: 1; }
code { font: 0.88em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--soft); padding: 0.1em 0.35em; border-radius: 4px; } pre { position: relative; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; overflow-x: auto; line-height: 1.5; } pre code { background: none; padding: 0; white-space: pre; overflow-wrap: normal; }
.copy { position: absolute; top: 6px; right: 6px; font: inherit; font-size: 12px; color: var(--quiet); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: 2px 8px; cursor: pointer; }
.wide { overflow-x: auto; margin: 16px 0; } table { border-collapse: collapse; font-size: 0.94em; min-width: 60%; } th, td { text-align: left; vertical-align: top; padding: 6px 10px; border: 1px solid var(--line); min-width: 7em; } th { background: var(--soft); } th:empty { padding: 0; }
img { max-width: 100%; height: auto; } blockquote { margin: 16px 0; padding: 0 16px; border-left: 4px solid var(--line); color: var(--quiet); }
.contents { margin: 0 0 24px; padding: 8px 16px; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); } .contents summary { cursor: pointer; font-weight: 600; } .contents ul { margin: 8px 0 0; padding-left: 20px; }
@media (max-width: 900px) { header { padding: 8px 16px; } .menu { display: inline; } .columns { display: block; } main { padding: 8px 16px 32px; max-width: none; } nav { position: static; width: auto; max-height: none; border-right: 0; border-top: 1px solid var(--line); } nav li a { padding: 8px 0; } nav summary { padding: 8px 0; } h1 { font-size: 1.5rem; } }
@media print { :root { color-scheme: light; } header, nav, .anchor, .copy, .contents { display: none; } body { font-size: 11pt; color: #000; background: #fff; } main { padding: 0; max-width: none; } pre, code, th { background: none; } pre code { white-space: pre-wrap; } h2, h3 { break-after: avoid; } pre, tr, img { break-inside: avoid; } }
`;

/** What the pages do: search the headings, and copy code. Plain JavaScript that needs no server. */
export const SCRIPT = `(() => {
  const root = document.body.dataset.root;
  const input = document.getElementById("search");
  const results = document.getElementById("results");
  const MOST = 20;
  input.hidden = false;
  function found(query) {
    const words = query.toLowerCase().split(/\\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const ranked = [];
    for (const [page, heading, link] of window.SEARCH_INDEX) {
      const [title, text] = [page.toLowerCase(), heading.toLowerCase()];
      if (!words.every((word) => text.includes(word) || title.includes(word))) continue;
      const inHeading = words.filter((word) => text.includes(word)).length;
      ranked.push({ page, heading, link, rank: inHeading * 2 + (text.startsWith(words[0]) ? 1 : 0) });
    }
    return ranked.sort((one, other) => other.rank - one.rank).slice(0, MOST);
  }
  function show() {
    const query = input.value.trim();
    results.textContent = "";
    results.hidden = query === "";
    const hits = found(query);
    for (const { page, heading, link } of hits) {
      const item = document.createElement("li");
      const anchor = document.createElement("a");
      anchor.href = root + link;
      anchor.append(heading);
      const small = document.createElement("small");
      small.append(page);
      anchor.append(small);
      item.append(anchor);
      results.append(item);
    }
    if (hits.length === 0) {
      const none = document.createElement("p");
      none.append("No heading contains these words.");
      results.append(none);
    }
  }
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") results.querySelector("a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      show();
    }
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
  results.addEventListener("click", () => {
    results.hidden = true;
  });
  if (navigator.clipboard)
    document.querySelectorAll("pre").forEach((block) => {
      const button = document.createElement("button");
      button.className = "copy";
      button.type = "button";
      button.append("Copy");
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(block.querySelector("code").textContent).then(
          () => {
            button.textContent = "Copied";
          },
          () => {
            button.textContent = "Not copied";
          },
        );
      });
      block.append(button);
    });
})();
`;
