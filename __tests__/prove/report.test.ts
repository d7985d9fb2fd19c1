import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import type { Result, Status } from "../../prove/claims/claim";
import { figuresOf } from "../../prove/figures";
import { clocksOf } from "../../prove/report/clocks";
import { difference, differenceSummary } from "../../prove/report/difference";
import { junit } from "../../prove/report/junit";
import { page } from "../../prove/report/page";
import { report } from "../../prove/report/terminal";
import { topologyOf } from "../../prove/report/topology";
import { graphsOf } from "./platforms";

const result = (id: string, status: Status, because = "It is so."): Result => ({
  id,
  title: `Claim ${id}`,
  status,
  because,
  requirements: [],
  evidence: [],
  stacks: status === "not-applicable" ? [] : [{ stack: "us-east-1", status, because, evidence: status === "refuted" ? ["A & <B>."] : [] }],
});
const RESULTS = [result("A", "proven"), result("B", "refuted", "B | C fails."), result("C", "unknown"), result("D", "not-applicable")];

describe("the terminal", () => {
  it("has a line a claim, the faults of a refuted one with its stack, and the numbers", () => {
    expect(report(RESULTS).split("\n")).toEqual([
      "proven   A    Claim A",
      "REFUTED  B    Claim B",
      "              us-east-1: B | C fails.",
      "              us-east-1: A & <B>.",
      "unknown  C    Claim C",
      "              us-east-1: It is so.",
      "-        D    Claim D",
      "              It is so.",
      "",
      "1 proven, 1 refuted, 1 unknown, 1 not applicable",
    ]);
  });
});

describe("JUnit", () => {
  it("fails for a refuted claim, and skips what is not decided", () => {
    const xml = junit(RESULTS, false);
    expect(xml).toContain('tests="4" failures="1" skipped="2"');
    expect(xml).toContain('<failure message="B | C fails.">B | C fails.\nA &amp; &lt;B&gt;.</failure>');
    expect(xml).toContain('<testcase classname="us-east-1" name="A Claim A"></testcase>');
  });

  it("fails for an undecided claim when it must be decided", () => {
    expect(junit(RESULTS, true)).toContain('tests="4" failures="2" skipped="1"');
  });
});

describe("the difference to a base", () => {
  it("has every claim with another status, new ones and removed ones", () => {
    const changes = difference([result("A", "refuted"), result("B", "refuted"), result("E", "proven")], RESULTS);
    expect(changes.map(({ id, from, to }) => [id, from, to])).toEqual([
      ["A", "refuted", "proven"],
      ["C", undefined, "unknown"],
      ["D", undefined, "not-applicable"],
      ["E", "proven", undefined],
    ]);
    expect(report(RESULTS, changes)).toContain("Changed against the base: A, refuted before, proven now.");
    expect(report(RESULTS, changes)).not.toContain("No claim changed");
    expect(report(RESULTS, [])).toContain("No claim changed against the base.");
    expect(report(RESULTS)).not.toContain("No claim changed");
  });

  it("is a table in Markdown, below what is refuted", () => {
    const summary = differenceSummary(difference([result("B", "proven")], [result("B", "refuted", "B | C fails.")]), [
      result("B", "refuted", "B | C fails."),
    ]);
    expect(summary).toContain("- **B is refuted**: B | C fails.");
    expect(summary).toContain("| B: Claim B | proven | **refuted** | B \\| C fails. |");
    expect(differenceSummary([], RESULTS)).toContain("No claim changed against the base.");
    expect(differenceSummary(undefined, RESULTS)).not.toContain("base");
  });
});

describe("the page", () => {
  const stacks = graphsOf({});
  const figures = figuresOf(stacks);
  const topology = topologyOf(stacks);
  const content = { claims: prove(stacks), ...figures, topology };
  const html = page(content);

  it("draws each region with its zones, tiers and parts", () => {
    expect(topology.regions.map(({ name, zones }) => [name, zones.length])).toEqual([
      ["us-east-1", 3],
      ["us-west-2", 3],
    ]);
    for (const { tiers } of topology.regions) {
      const kinds = tiers.map(({ name, cells }) => [name, ...cells.flatMap(({ parts }) => parts.map(({ kind }) => kind))]);
      expect(kinds).toEqual([
        ["public", "nat-gateway", "nat-gateway", "nat-gateway"],
        ["application", "tasks", "tasks", "tasks"],
        ["data", "database", "database", "database"],
      ]);
    }
    expect(topology.names).toEqual([
      {
        name: "pay.standfast.test",
        answers: [
          { to: "us-east-1.pay.standfast.test", policy: "PRIMARY" },
          { to: "us-west-2.pay.standfast.test", policy: "SECONDARY" },
        ],
      },
    ]);
  });

  it("has every claim, loss and budget, and needs nothing from the network", () => {
    for (const { id } of CLAIMS) expect(html).toContain(`<td>${id}</td>`);
    for (const { id } of figures.simulations) expect(html).toContain(`<option value="${id}">`);
    expect(figures.budgets.length).toBeGreaterThan(10);
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]* (src|href)=/);
  });

  it("crosses out what a loss takes: each id that a loss of a zone names is drawn, or is no part of the drawing", () => {
    const drawn = new Set([...html.matchAll(/data-(?:id|place)="([^"]+)"/g)].map(([, id]) => id));
    const zone = figures.simulations.find(({ id }) => id === "zone us-east-1/us-east-1a");
    const kinds = ["aws_subnet.", "aws_nat_gateway.", "aws_rds_cluster_instance."];
    const parts = (zone?.dark ?? []).filter((id) => kinds.some((kind) => id.includes(kind)));
    expect(parts.length).toBeGreaterThanOrEqual(5);
    expect(parts.filter((id) => !drawn.has(id))).toEqual([]);
    expect(html).toContain('data-loss="zone us-east-1a"');
  });

  it("has the clocks of what follows from a loss", () => {
    const clocks = (id: string) =>
      clocksOf(figures.simulations.find((one) => one.id === id) ?? ({} as never), figures.budgets).map(({ failure }) => failure);
    expect(clocks("region us-east-1")).toEqual([
      expect.stringContaining("us-east-1.pay.standfast.test"),
      expect.stringContaining("from the command of an operator"),
      expect.stringContaining("on-call is notified of the region us-east-1"),
    ]);
    expect(clocks("zone us-east-1/us-east-1a").length).toBeGreaterThanOrEqual(4);
    expect(clocks("control-plane IAM")).toEqual([]);
  });

  it("keeps what comes from the input text: no markup, no end of the script", () => {
    const [first, ...others] = content.claims;
    if (!first) throw new Error("no claim");
    const hostile = page({ ...content, claims: [{ ...first, because: '</script><img src="x">' }, ...others] });
    expect(hostile).toContain("&lt;/script&gt;&lt;img src=&quot;x&quot;&gt;");
    const data = /<script type="application\/json" id="report">([^]*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(data).not.toContain("<");
    expect(JSON.parse(data)).toHaveProperty("simulations");
  });

  it("names what changed against a base", () => {
    expect(html).not.toContain("against the base");
    expect(page({ ...content, changes: [] })).toContain("No claim changed against the base.");
    const changes = [{ id: "Z2", title: "A claim", from: "proven", to: "refuted", because: "It fails." }] as const;
    expect(page({ ...content, changes })).toContain("<td>Z2: A claim</td><td>proven</td><td>refuted</td><td>It fails.</td>");
  });
});
