import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DescribeStateMachineCommand, type DescribeStateMachineCommandOutput, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { Names } from "../../config/naming";
import type { Effect } from "../../config/changes/effects";
import type { Definition } from "../../modules/runbooks/states";
import { Cloud, describeGlobal } from "./cloud";
import { MINIMAL } from "./config";
import { DEPLOY_POLICIES, missing, outOfReach, PLAN_POLICIES, statementsOf } from "./permissions";
import { step } from "./progress";
import type { ShownResource, Terraform } from "./terraform";
import { type Change, plannedEffects, type Values, withAll } from "./transitions";

const PLAN = "second.tfplan";
/** The minimum number of requirements that verify checks in every environment. */
const LEAST_REQUIREMENTS = 50;

/** The definition of a runbook, as Step Functions has it, with everything about its state machine. */
export async function runbookIn(
  region: string,
  names: Names,
  accountId: string,
  purpose: string,
): Promise<DescribeStateMachineCommandOutput & { readonly parsed: Definition }> {
  const stateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:${names.of("sfn_state_machine", purpose)}`;
  const machine = await new SFNClient({ region }).send(new DescribeStateMachineCommand({ stateMachineArn }));
  return { ...machine, parsed: JSON.parse(machine.definition ?? "") as Definition };
}

/** One environment in a cloud: its stacks, applied in their order. */
export class Deployment {
  private readonly applied: string[] = [];

  private constructor(
    readonly cloud: Cloud,
    readonly stacks: readonly string[],
    private readonly terraformOf: (stack: string) => Terraform,
    readonly names: Names,
  ) {}

  /** Makes the state buckets and the JSON. */
  static async open(suffix: string, overrides: Readonly<Record<string, unknown>>): Promise<Deployment> {
    const cloud = await step("cloud", () => Cloud.open(suffix, overrides));
    await cloud.bootstrap();
    const terraformOf = await cloud.synth();
    const regions = cloud.config.regions.map(({ name }) => name);
    return new Deployment(cloud, ["global", ...regions, "failover"], terraformOf, new Names(suffix, regions[0] ?? "", MINIMAL.account_id));
  }

  get region(): string {
    return this.cloud.config.regions[0]?.name ?? "";
  }

  terraform(stack: string): Terraform {
    return this.terraformOf(stack);
  }

  async apply(): Promise<void> {
    for (const stack of this.stacks) {
      const terraform = this.terraform(stack);
      await terraform.init();
      this.applied.push(stack);
      await step(`apply ${stack}`, () => terraform.apply());
    }
  }

  /** Destroys what was applied, from right to left. Suites of their own destroy with a refresh. */
  async destroy(): Promise<void> {
    for (const stack of this.applied.splice(0).reverse())
      await step(`destroy ${stack}`, () => this.terraform(stack).destroy("-refresh=false"));
  }

  async resources(stack: string): Promise<readonly ShownResource[]> {
    return (await this.terraform(stack).show()).values?.root_module.resources ?? [];
  }

  /** Everything that a run writes down, by where: the synthesized files, the saved plan and the state of every stack. */
  async writtenDown(): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const stack of this.stacks) {
      const terraform = this.terraform(stack);
      for (const file of readdirSync(terraform.folder).filter((name) => name.endsWith(".json")))
        texts.set(`${stack}/${file}`, readFileSync(join(terraform.folder, file), "utf8"));
      const entries = unzipSync(readFileSync(join(terraform.folder, PLAN)));
      for (const [name, content] of Object.entries(entries)) texts.set(`${stack}/${PLAN}/${name}`, strFromU8(content, true));
      texts.set(`${stack}/state`, await terraform.state("pull"));
    }
    return texts;
  }

  /** The database's password in each region. */
  async passwords(): Promise<string[]> {
    const regions = this.cloud.config.regions.map(({ name }) => name);
    return Promise.all(
      regions.map(async (region) => {
        const { stdout } = await this.terraform(region).run("output", "-json");
        const { database_secret_arn: arn } = JSON.parse(stdout) as { database_secret_arn: { value: string } };
        const { SecretString = "{}" } = await new SecretsManagerClient({ region }).send(new GetSecretValueCommand({ SecretId: arn.value }));
        return (JSON.parse(SecretString) as { password?: string }).password ?? "";
      }),
    );
  }

  /** A runbook, as Step Functions has it. */
  runbook(purpose: string): ReturnType<typeof runbookIn> {
    return runbookIn(this.region, this.names, this.cloud.config.accountId, purpose);
  }

  async planAgain(stack: string): Promise<{ changes: boolean; text: string }> {
    return step(`second plan of ${stack}`, () => this.terraform(stack).planHasChanges(`-out=${PLAN}`));
  }
}

/** The operations and resources of an environment so far that the roles of docs/ci do not allow. */
function forbidden(cloud: Cloud, suffix: string, resources: readonly ShownResource[]): string[] {
  const statements = statementsOf(DEPLOY_POLICIES, suffix);
  const arns = resources
    .filter(({ mode }) => mode === "managed")
    .map(({ values }) => values["arn"])
    .filter((arn) => typeof arn === "string");
  return [...missing(cloud.operations(), statements), ...outOfReach(arns, statements)];
}

/**
 * The life of an environment as a specification: deployed before the tests, and gone after them. What every environment
 * must keep is proven here; `tests` adds what is this one's own.
 */
export function describeLifecycle(
  title: string,
  suffix: string,
  overrides: Readonly<Record<string, unknown>>,
  tests: (deployed: () => Deployment) => void,
): void {
  describeGlobal(title, () => {
    let opened: Deployment | undefined;
    const deployment = (): Deployment => {
      if (!opened) throw new Error("the environment was not deployed");
      return opened;
    };

    beforeAll(async () => {
      opened = await Deployment.open(suffix, overrides);
      await opened.apply();
    });

    afterAll(async () => {
      // Whatever failed above, a test leaves nothing behind; the last test has normally done it already.
      try {
        await opened?.destroy();
      } finally {
        await opened?.cloud.close();
      }
    });

    it("does not drift: a second plan has nothing to do", async () => {
      const before = deployment().cloud.operations().length;
      for (const stack of deployment().stacks) {
        const { changes, text } = await deployment().planAgain(stack);
        expect({ stack, changes, text: changes ? text : "" }).toEqual({ stack, changes: false, text: "" });
      }
      // The plan of a pull request has the rights to look only.
      expect(missing(deployment().cloud.operations().slice(before), statementsOf(PLAN_POLICIES, suffix))).toEqual([]);
    });

    it("writes no password down, in file, plan or state", async () => {
      const passwords = await deployment().passwords();
      expect(passwords.length).toBeGreaterThan(0);
      expect(passwords.filter((password) => password.length < 8)).toEqual([]);
      const texts = await deployment().writtenDown();
      expect(texts.size).toBeGreaterThan(3 * deployment().stacks.length);
      const found = [...texts].filter(([, text]) => passwords.some((password) => text.includes(password))).map(([where]) => where);
      expect(found).toEqual([]);
    });

    it("passes npm run verify", async () => {
      const { code, results } = await deployment().cloud.verify();
      expect(results.filter(({ result }) => result !== "pass")).toEqual([]);
      expect({ code, some: results.length > LEAST_REQUIREMENTS }).toEqual({ code: 0, some: true });
    });

    tests(deployment);

    it("destroys to nothing", async () => {
      const resources = (await Promise.all(deployment().stacks.map((stack) => deployment().resources(stack)))).flat();
      await deployment().destroy();
      expect(await deployment().cloud.leftovers()).toEqual([]);
      expect(forbidden(deployment().cloud, suffix, resources)).toEqual([]);
    });
  });
}

/**
 * The effects of changes, planned against an environment in a folder of their own. What is deployed, and its file, stay as they
 * are.
 */
export async function effectsOf(
  { cloud, stacks }: Pick<Deployment, "cloud" | "stacks">,
  overrides: Values,
  changes: readonly Change[],
): Promise<Readonly<Record<string, Effect>>> {
  await cloud.change(withAll(overrides, changes));
  try {
    const { environmentSuffix } = cloud.config;
    const pipeline = cloud.pipeline(environmentSuffix);
    await pipeline.synth();
    for (const stack of stacks) await pipeline.terraform(stack).init();
    const { effects, unexplained } = await plannedEffects((stack) => pipeline.terraform(stack), environmentSuffix, overrides, changes);
    expect(unexplained).toEqual([]);
    return Object.fromEntries(effects);
  } finally {
    await cloud.change(overrides);
  }
}
