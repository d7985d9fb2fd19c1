import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { PRESETS } from "../../config/presets";
import { ask, type Check, compared, differences, Missing, of, type Result } from "../../scripts/verify/check";
import { OF_EACH_REGION, OF_WHAT_JOINS } from "../../scripts/verify/checks";
import { exitCode, json, table } from "../../scripts/verify/report";
import { presets, PROJECT, rows } from "../support/requirements";
import { run } from "../support/run";

const FOLDER = join(PROJECT, "scripts", "verify");
const CHECKS = [...new Set<{ requirement: string; lines: readonly string[] }>([...OF_EACH_REGION, ...OF_WHAT_JOINS])];
const sources = (): [string, string][] =>
  readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);

describe("what npm run verify asks for", () => {
  it("is a sentence each, and none twice", () => {
    const sentences = CHECKS.map(({ requirement }) => requirement);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*[^.]$/);
  });

  it("stands in the checks as it is, so that documents can link to it", () => {
    const text = sources()
      .filter(([name]) => name.startsWith("checks"))
      .map(([, source]) => source)
      .join("\n");
    expect(CHECKS.filter(({ requirement }) => !text.includes(JSON.stringify(requirement)))).toEqual([]);
  });

  it("names lines of the requirements that exist, and none twice", () => {
    const known = new Set(rows().map(({ id }) => id));
    for (const { requirement, lines } of CHECKS) {
      expect({ requirement, unknown: lines.filter((line) => !known.has(line)) }).toEqual({ requirement, unknown: [] });
      expect({ requirement, lines: new Set(lines).size }).toEqual({ requirement, lines: lines.length });
    }
  });

  it("knows which document describes which preset", () => {
    const documents = Object.values(PRESETS).flatMap(({ name, document }) => (document === undefined ? [] : [[document, name]]));
    expect(Object.fromEntries(documents)).toEqual(Object.fromEntries(presets()));
  });

  it("only reads: every call describes, gets or lists, and none gets the value of a secret", () => {
    const calls = sources().flatMap(([name, source]) =>
      [...source.matchAll(/import \{([^}]*)\} from "@aws-sdk\//g)].flatMap(([, names = ""]) =>
        names
          .split(",")
          .map((word) => word.trim())
          .filter((word) => /Command$|^paginate/.test(word))
          .map((word) => ({ name, call: word.replace(/^paginate|Command$/g, "") })),
      ),
    );
    expect(calls.length).toBeGreaterThan(40);
    expect(calls.filter(({ call }) => !/^(Describe|Get|List)[A-Z]/.test(call) || call.includes("SecretValue"))).toEqual([]);
    expect(sources().filter(([, source]) => source.includes("WithDecryption"))).toEqual([]);
  });
});

const LIVE = { scope: "us-east-1", preset: "trading" };
const check = (requirement: string, faults: Check<typeof LIVE>["faults"], more: Partial<Check<typeof LIVE>> = {}): Check<typeof LIVE> => ({
  requirement,
  lines: ["S000-1.1", "S004-1.1", "S004-1.2"],
  faults,
  ...more,
});
const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));
const resultOf = async (one: Check<typeof LIVE>): Promise<Result | undefined> => (await ask(LIVE, [one]))[0];

describe("a check", () => {
  it("holds when nothing contradicts it, and names the lines of the preset's own document", async () => {
    expect(await resultOf(check("All is well", () => Promise.resolve([])))).toEqual({
      region: "us-east-1",
      requirement: "All is well",
      lines: ["S004-1.1", "S004-1.2"],
      result: "holds",
      faults: [],
      remarks: [],
    });
  });

  it("does not hold when something contradicts it", async () => {
    expect(await resultOf(check("All is well", () => Promise.resolve(["alb-x is gone"])))).toMatchObject({
      result: "contradicted",
      faults: ["alb-x is gone"],
    });
  });

  it.each([
    ["DBClusterNotFoundFault", "no such cluster"],
    ["NoSuchBucket", "no such bucket"],
    ["QueueDoesNotExist", "no such queue"],
    ["LoadBalancerNotFound", "no such load balancer"],
  ])("does not hold when AWS answers %s", async (name, message) => {
    expect(await resultOf(check("All is well", failing(name, message)))).toMatchObject({
      result: "contradicted",
      faults: [`${name}: ${message}`],
    });
  });

  it("does not hold when what it asks about is missing", async () => {
    const missing = check("All is well", () => Promise.reject(new Missing("there is no vpc-x")));
    expect(await resultOf(missing)).toMatchObject({ result: "contradicted", faults: ["there is no vpc-x"] });
  });

  it("could not be asked when AWS refuses, and says why in AWS's words", async () => {
    const refused = check("All is well", failing("AccessDeniedException", "not authorized to perform: backup:GetBackupPlan"));
    expect(await resultOf(refused)).toMatchObject({
      result: "unknown",
      faults: ["AccessDeniedException: not authorized to perform: backup:GetBackupPlan"],
    });
  });

  it("is left out when the configuration does not ask for it", async () => {
    expect(await ask(LIVE, [check("All is well", () => Promise.resolve([]), { asked: () => false })])).toEqual([]);
  });

  it("remarks on what is worth knowing only where it holds", async () => {
    const remarks = () => Promise.resolve(["a takeover holds DNS"]);
    expect(await resultOf(check("A", () => Promise.resolve([]), { remarks }))).toMatchObject({ remarks: ["a takeover holds DNS"] });
    expect(await resultOf(check("A", () => Promise.resolve(["no"]), { remarks }))).toMatchObject({ remarks: [] });
  });
});

describe("a fault", () => {
  it("says what is, and what should be", () => {
    expect(differences({ interval: [30, 5], path: ["/health", "/health"], key: [undefined, "arn:x"] })).toEqual([
      "interval is 30, not 5",
      "key is not set, not arn:x",
    ]);
  });

  it("says what is missing, and what is too much", () => {
    expect(compared(["a", "b"], ["b", "c"], { missing: "is missing", extra: "is not meant to be" })).toEqual([
      "a is not meant to be",
      "c is missing",
    ]);
  });

  it("names its thing once, and other things are still asked about", async () => {
    expect(await of("bucket-x", () => Promise.resolve(["versioning is Suspended"]))).toEqual(["bucket-x: versioning is Suspended"]);
    expect(await of("bucket-x", () => Promise.reject(new Missing("bucket-x does not exist")))).toEqual(["bucket-x does not exist"]);
    await expect(of("bucket-x", failing("AccessDenied", "no"))).rejects.toThrow("no");
  });
});

describe("the report", () => {
  const result = (region: string, requirement: string, one: Partial<Result> = {}): Result => ({
    region,
    requirement,
    lines: ["S000-1.1"],
    result: "holds",
    faults: [],
    remarks: [],
    ...one,
  });
  const [well, bad, unknown] = [
    result("us-east-1", "A holds", { remarks: ["worth knowing"] }),
    result("us-east-1", "B holds", { result: "contradicted", faults: ["b-1 is gone", "b-2 is late"], lines: ["S000-1.1", "S000-1.2"] }),
    result("failover", "C holds", { result: "unknown", faults: ["AccessDenied: no"], lines: [] }),
  ];

  it("shows region by region what holds, what does not and what could not be asked", () => {
    expect(table([well, bad, unknown])).toBe(
      [
        "us-east-1",
        "  ✓ A holds  (S000-1.1)",
        "      worth knowing",
        "  ✗ B holds  (S000-1.1, S000-1.2)",
        "      b-1 is gone",
        "      b-2 is late",
        "",
        "failover",
        "  ? C holds",
        "      AccessDenied: no",
        "",
        "1 of 3 requirements hold, 1 does not, 1 could not be asked.",
      ].join("\n"),
    );
    expect(table([well])).toMatch(/\n1 of 1 requirements hold\.$/);
  });

  it("gives programs the same as JSON", () => {
    expect(JSON.parse(json([well, bad, unknown]))).toEqual([well, bad, unknown]);
  });

  it("ends with 0 when all holds, 3 when something does not, and 1 when something could not be asked", () => {
    expect([[well], [well, bad], [well, unknown], [bad, unknown]].map(exitCode)).toEqual([0, 3, 1, 1]);
  });
});

// Each runs a process of its own, beside all the other tests.
jest.setTimeout(60_000);

describe("the command", () => {
  const verify = (...args: string[]) =>
    run(process.execPath, ["scripts/run.mjs", "scripts/verify.ts", ...args], {
      cwd: PROJECT,
      env: { ...process.env, TFVARS_FILE: join(PROJECT, "terraform.tfvars.example"), AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    });

  it("explains itself", async () => {
    const { code, stdout } = await verify("--help");
    expect(stdout).toContain("usage: npm run verify");
    for (const option of ["--region", "--suffix", "--json"]) expect(stdout).toContain(option);
    expect(code).toBe(0);
  });

  it("refuses what it does not know in one sentence, and asks nothing", async () => {
    expect(await verify("--regions", "us-east-1")).toMatchObject({ code: 1, stdout: "" });
    const { code, stdout, stderr } = await verify("--region", "eu-west-1");
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({
      code: 1,
      stdout: "",
      stderr: "eu-west-1 is not one of the environment's regions: us-east-1, us-west-2.",
    });
  });
});
