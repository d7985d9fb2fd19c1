import { isCritical } from "../../prove/model-checker/commands";
import { asText, isObject, type Json, type JsonObject } from "../../prove/model-checker/json-path";
import type { Breach } from "../../prove/model-checker/effects";
import type { Answer, PendingTask } from "../../prove/model-checker/interpreter";

/** The environment of a rewind. */
export interface RewindWorld {
  /** Values of the three parameters, by their names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The cluster that the tasks use. */
  readonly tasks: string;
  /** Whether tasks are being replaced: at the end they read the parameters. */
  readonly isReplacing: boolean;
  readonly restored: "none" | "exists" | "deleted";
  readonly instances: readonly string[];
  /** Whether tasks may have written to the restored cluster. */
  readonly isWritten: boolean;
  readonly slow: readonly string[];
  readonly messages: readonly string[];
}

/** One way in which a call of a rewind can be answered. */
export interface RewindEffect {
  readonly note?: string;
  readonly answer: Answer;
  readonly world: RewindWorld;
  readonly slow?: string;
  readonly faults?: number;
  readonly breaches?: readonly Breach[];
}

export const LIVE = "aurora-test-1-us-east-1";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";

const ok = (world: RewindWorld, result: Json = {}): RewindEffect => ({ answer: { result }, world });
const failed = (world: RewindWorld, error: string): RewindEffect => ({
  answer: { error, cause: error },
  world,
  note: `AWS answers ${error}`,
});

/** The parameter with the endpoint that tasks write to. */
export function writerOf(world: RewindWorld): string {
  const found = Object.entries(world.parameters).find(([name]) => name.endsWith("writer-endpoint"));
  return clusterOf(found?.[1] ?? "");
}

/** The cluster of an endpoint or identifier. */
export function clusterOf(value: string): string {
  return value.split("/")[0] ?? "";
}

/** How the environment answers a Task of a rewind, apart from faults. */
export function performRewind(world: RewindWorld, action: string, task: PendingTask): RewindEffect[] {
  const parameters = isObject(task.parameters) ? task.parameters : {};
  const text = (key: string): string => asText(parameters[key]);
  switch (action) {
    case "sns:publish":
      return [
        ok({
          ...world,
          messages: [...world.messages.filter(isCritical), `${text("Subject")}: ${text("Message").replace(/ after \\d+ attempts/, "")}`],
        }),
      ];
    case "ssm:getParameter":
      return [ok(world, { Parameter: { Value: world.parameters[text("Name")] ?? "" } })];
    case "ssm:putParameter": {
      const next = { ...world, parameters: { ...world.parameters, [text("Name")]: text("Value") } };
      return [ok({ ...next, isWritten: next.isWritten || writerOf(next) !== LIVE })];
    }
    case "rds:describeDBClusters":
      return describeCluster(world, text("DbClusterIdentifier"));
    case "rds:restoreDBClusterToPointInTime":
      return [ok({ ...world, restored: "exists" })];
    case "rds:createDBInstance":
      return [ok({ ...world, instances: [...new Set([...world.instances, text("DbInstanceIdentifier")])].sort() })];
    case "rds:describeDBInstances":
      return statuses(world, "instances", (DbInstanceStatus) => ({ DbInstances: [{ DbInstanceStatus }] }));
    case "rds:deleteDBInstance":
    case "rds:deleteDBCluster":
      return [remove(world, action, text(action.endsWith("Cluster") ? "DbClusterIdentifier" : "DbInstanceIdentifier"))];
    case "rds:modifyDBCluster":
    case "lambda:invoke":
      return [ok(world, { Payload: {} })];
    case "rds:backtrackDBCluster":
      return [ok(world, { BacktrackIdentifier: "b-1", BacktrackedFrom: "2026-11-21T08:00:00.000Z" })];
    case "rds:describeDBClusterBacktracks":
      return statuses(world, "backtrack", (status) => ({
        DbClusterBacktracks: [{ Status: status === "available" ? "completed" : status }],
      }));
    case "ecs:updateService": {
      const isWritten = world.isWritten || writerOf(world) !== LIVE;
      return [ok({ ...world, isReplacing: true, isWritten }, { Service: { Deployments: [{ Id: "new", Status: "PRIMARY" }] } })];
    }
    case "ecs:describeServices":
      return rollout(world);
    default:
      throw new Error(`the model of rewinds has no ${action} (${task.name})`);
  }
}

function describeCluster(world: RewindWorld, id: string): RewindEffect[] {
  const isLive = id === LIVE;
  if (!isLive && world.restored !== "exists") return [failed(world, "Rds.DbClusterNotFoundException")];
  const instances = isLive ? ["a", "b", "c"] : world.instances;
  const describe = (Status: string): JsonObject => ({
    DbClusterIdentifier: id,
    Status,
    EarliestRestorableTime: "2026-11-14T07:00:00.000Z",
    LatestRestorableTime: "2026-11-21T07:55:00.000Z",
    EarliestBacktrackTime: "2026-11-20T08:00:00.000Z",
    EngineVersion: "16.8",
    KmsKeyId: KEY,
    StorageEncrypted: true,
    Endpoint: `${id}/writer`,
    ReaderEndpoint: `${id}/reader`,
    DbClusterMembers: instances.map((name, index) => ({ DbInstanceIdentifier: name, IsClusterWriter: index === 0 })),
  });
  return statuses(world, `cluster ${isLive ? "live" : "restored"}`, (status) => ({ DbClusters: [describe(status)] }));
}

function statuses(world: RewindWorld, what: string, result: (status: string) => Json): RewindEffect[] {
  return [
    ok({ ...world, slow: world.slow.filter((each) => each !== what) }, result("available")),
    { ...ok(world, result("creating")), slow: what, note: "not yet available" },
    { ...ok(world, result("failed")), faults: 1, note: "it has failed" },
  ];
}

function remove(world: RewindWorld, action: string, id: string): RewindEffect {
  const breaches: Breach[] = [];
  if (id === LIVE) breaches.push({ invariant: "f", sentence: "the live cluster is deleted" });
  if (world.isWritten) breaches.push({ invariant: "f", sentence: `${action} deletes a cluster that may contain writes of the tasks` });
  if (action === "rds:deleteDBInstance")
    return world.instances.includes(id)
      ? { ...ok({ ...world, instances: world.instances.filter((name) => name !== id) }), breaches }
      : failed(world, "Rds.DbInstanceNotFoundException");
  if (world.restored !== "exists") return failed(world, "Rds.DbClusterNotFoundException");
  return { ...ok({ ...world, restored: "deleted" }), breaches };
}

function rollout(world: RewindWorld): RewindEffect[] {
  const services = (RolloutState: string): Json => ({
    Services: [{ RunningCount: 6, DesiredCount: 6, Deployments: [{ Id: "new", Status: "PRIMARY", RolloutState }] }],
  });
  const replaced = { ...world, tasks: writerOf(world), isReplacing: false, slow: world.slow.filter((each) => each !== "tasks") };
  return [
    ok(replaced, services("COMPLETED")),
    { ...ok({ ...world, isReplacing: false }, services("FAILED")), faults: 1, note: "the new tasks fail" },
    { ...ok(world, services("IN_PROGRESS")), slow: "tasks", note: "the new tasks are not healthy yet" },
  ];
}
