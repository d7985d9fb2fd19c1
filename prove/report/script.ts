/**
 * What the page does: shows a loss in the drawings and what follows from it in the panel. Plain JavaScript, because the page is one file.
 * Without it, the tables say the same.
 */
export const SCRIPT = `
(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const chooser = document.getElementById("loss");
  const panel = document.getElementById("panel");
  const losses = new Map(report.simulations.map((simulation) => [simulation.id, simulation]));
  const element = (tag, text, parent) => {
    const made = document.createElement(tag);
    made.textContent = text;
    parent.append(made);
    return made;
  };
  const list = (values) => (values.length === 0 ? "none" : values.join("; "));
  function clock({ failure, most, phases }) {
    const timed = phases.filter(({ most: longest, least }) => (longest ?? least) > 0);
    if (timed.length === 0) return;
    element("h3", failure + (most === undefined ? "" : ", at most " + most + " s"), panel);
    const bar = element("div", "", panel);
    bar.className = "clock";
    for (const { what, least, most: longest } of timed) {
      const part = element("span", (longest ?? "≥ " + least) + " s " + what, bar);
      part.style.flex = String(Math.max(longest ?? least, 1));
      part.title = what;
    }
  }
  function show(id) {
    const simulation = losses.get(id);
    const dark = new Set(simulation ? simulation.dark : []);
    document.querySelectorAll("[data-id]").forEach((node) => node.classList.toggle("dark", dark.has(node.dataset.id)));
    chooser.value = simulation ? id : "";
    panel.textContent = "";
    if (!simulation) {
      element("p", "Choose a loss, or click a zone, a region or a part. Everything that it takes is crossed out.", panel);
      return;
    }
    element("h3", "Lost: " + simulation.lost, panel);
    element("p", simulation.because, panel);
    const facts = element("dl", "", panel);
    for (const [name, text] of [
      ["Requests", simulation.requests],
      ["Writes", simulation.writes],
      ["DNS", simulation.dns],
      ["Still serves", list(simulation.serves)],
      ["Tasks", simulation.capacity.map(({ service, before, atOnce, recovered }) => service + ": " + before + ", at once " + atOnce + ", recovered " + recovered).join("; ")],
      ["Who is notified", list(simulation.notified)],
      ["Crossings", simulation.crossings.length === 0 ? "none" : simulation.crossings.join("; ")],
    ])
      if (text) {
        element("dt", name, facts);
        element("dd", text, facts);
      }
    simulation.clocks.forEach(clock);
  }
  chooser.addEventListener("change", () => show(chooser.value));
  document.getElementById("nothing").addEventListener("click", () => show(""));
  const ids = [...losses.keys()];
  document.querySelectorAll("[data-loss]").forEach((node) => {
    const [kind, name] = node.dataset.loss.split(" ");
    const id = ids.find((one) => one === kind + " " + name || (one.startsWith(kind + " ") && one.endsWith("/" + name)));
    if (id) node.addEventListener("click", () => show(id));
  });
  document.querySelectorAll("svg .part").forEach((node) => {
    const id = ids.find((one) => one.endsWith(" " + node.dataset.id));
    if (!id) return;
    node.classList.add("losable");
    node.addEventListener("click", () => show(id));
  });
  show("");
})();
`;
