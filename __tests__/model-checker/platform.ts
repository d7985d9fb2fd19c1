import { aConfig } from "../support/config";
import { definitionOf } from "../support/state-machine";
import { failoverStack, globalStack, regionStack, type Resource, type Synthesized } from "../support/synthesized";
import { type Dns, readDns } from "./dns";
import type { Program } from "./interpreter";

/** A parameter of Systems Manager that a runbook may change. */
export interface PlatformParameter {
  readonly name: string;
  readonly region: string;
  readonly value: string;
  /** Whether an apply leaves a changed value. */
  readonly isIgnored: boolean;
}

/** The range of the tasks of a service. */
export interface Scaling {
  readonly region: string;
  readonly resource: string;
  readonly range: readonly [number, number];
  readonly isIgnored: boolean;
  /** Ranges that scheduled actions set. */
  readonly scheduled: readonly (readonly [number, number])[];
}

/** What a fence does, as `modules/runbooks/region-control/fence.ts` is written. */
export interface Fence {
  readonly freezes: boolean;
  readonly releases: boolean;
  readonly allows: boolean;
  readonly waitsForTakeovers: boolean;
}

const FENCE: Fence = { freezes: true, releases: true, allows: false, waitsForTakeovers: true };

/** Everything of a platform that a takeover changes or depends on, read from the synthesized stacks. */
export interface Platform {
  /** In the order in which DNS prefers them. */
  readonly regions: readonly string[];
  readonly takeovers: ReadonlyMap<string, Program>;
  readonly takeoverArns: ReadonlyMap<string, string>;
  /** Identifier of the cluster that Terraform created in each region. */
  readonly clusters: ReadonlyMap<string, string>;
  readonly parameters: readonly PlatformParameter[];
  readonly scalings: readonly Scaling[];
  /** Number of tasks' database instances that Terraform creates in each region. */
  readonly instances: ReadonlyMap<string, number>;
  readonly dns: Dns;
  /** Regions with a function that freezes writes while their cluster is not the writer. */
  readonly fences: ReadonlySet<string>;
  readonly fence: Fence;
  /** The message when an execution of a region does not succeed: it names no reason. */
  readonly endedMessages: ReadonlyMap<string, string>;
}

/** Names of the parameters, after `/standfast/<suffix>/<region>/`. */
export const WRITES = "service/writes";
export const DATABASE_PARAMETERS = [
  "database/writer-endpoint",
  "database/global-writer-endpoint",
  "database/reader-endpoint",
  "database/cluster-identifier",
];

export function readPlatform(overrides: Readonly<Record<string, unknown>>): Platform {
  const regions = aConfig(overrides).regions.map(({ name }) => name);
  const stacks = regions.map((name, index): [string, Synthesized] => [name, regionStack(overrides, index)]);
  const global = globalStack(overrides);
  const clusters = new Map(stacks.map(([name, stack]) => [name, String(stack.resource("aws_rds_cluster.aurora")["cluster_identifier"])]));
  return {
    regions,
    takeovers: new Map(stacks.map(([name, stack]) => [name, definitionOf(stack, "region-takeover") as unknown as Program])),
    takeoverArns: new Map(stacks.map(([name, stack]) => [name, machineArn(name, stack)])),
    clusters,
    parameters: [...stacks.map(([, stack]) => stack), global].flatMap((stack) => readParameters(stack, clusters)),
    scalings: stacks.flatMap(([region, stack]) => readScalings(region, stack)),
    instances: new Map(stacks.map(([name, stack]) => [name, stack.all("aws_rds_cluster_instance").length])),
    dns: readDns(failoverStack(overrides)),
    fences: new Set(stacks.filter(([, stack]) => hasFence(stack)).map(([name]) => name)),
    fence: FENCE,
    endedMessages: new Map(stacks.map(([name, stack]) => [name, endedMessage(stack, "region-takeover")])),
  };
}

/** The region in a name such as `/standfast/test-1/us-east-1/service/writes`. */
export function regionOfParameter(name: string): string {
  return name.split("/")[3] ?? "";
}

function ignores(resource: Resource, attribute: string): boolean {
  const lifecycle = resource["lifecycle"] as { ignore_changes?: readonly string[] | "all" } | undefined;
  return lifecycle?.ignore_changes === "all" || lifecycle?.ignore_changes?.includes(attribute) === true;
}

function readParameters(stack: Synthesized, clusters: ReadonlyMap<string, string>): PlatformParameter[] {
  return stack
    .all("aws_ssm_parameter")
    .filter((parameter) => [WRITES, ...DATABASE_PARAMETERS].some((name) => String(parameter["name"]).endsWith(`/${name}`)))
    .map((parameter) => {
      const name = String(parameter["name"]);
      const region = regionOfParameter(name);
      const own = clusters.get(region) ?? "";
      const value = name.endsWith("/global-writer-endpoint")
        ? "global/writer"
        : name.endsWith("/writer-endpoint")
          ? `${own}/writer`
          : name.endsWith("/reader-endpoint")
            ? `${own}/reader`
            : String(parameter["value"]);
      return { name, region, value, isIgnored: ignores(parameter, "value") };
    });
}

function readScalings(region: string, stack: Synthesized): Scaling[] {
  return stack.all("aws_appautoscaling_target").map((scalable) => {
    const resource = String(scalable["resource_id"]);
    const scheduled = stack
      .all("aws_appautoscaling_scheduled_action")
      .map((action) => action["scalable_target_action"] as { min_capacity: unknown; max_capacity: unknown })
      .map(({ min_capacity, max_capacity }) => [Number(min_capacity), Number(max_capacity)] as const);
    const range = [Number(scalable["min_capacity"]), Number(scalable["max_capacity"])] as const;
    return { region, resource, range, scheduled, isIgnored: ignores(scalable, "min_capacity") };
  });
}

function hasFence(stack: Synthesized): boolean {
  return stack.all("aws_lambda_function").some(({ function_name }) => String(function_name).includes("region-fence"));
}

function machineArn(region: string, stack: Synthesized): string {
  const { name } = stack.resource("aws_sfn_state_machine.region-takeover_runbook_machine");
  return `arn:aws:states:${region}:123456789012:stateMachine:${String(name)}`;
}

/** The message of the event rule when an execution of a runbook does not succeed. @param purpose of the runbook */
export function endedMessage(stack: Synthesized, purpose: string): string {
  const [found] = stack
    .all("aws_cloudwatch_event_target")
    .filter(({ address }) => address.includes(`${purpose}-ended`))
    .map((event) => event["input_transformer"] as { input_template: string });
  if (!found) throw new Error(`no event rule reports the end of the runbook ${purpose}`);
  return found.input_template.replace(/^"|"$/g, "");
}
