import { AwsError, type Call } from "./state-machine";
import { FakeAws } from "./fake-aws";

type Cluster = Record<string, unknown> & { Status: string };

export const LIVE = "aurora-test-1-us-east-1";
export const PATH = "/standfast/test-1/us-east-1/database";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";

/** The AWS services that a rewind calls. Clusters, instances and parameters change as the real ones do. */
export class FakeRewinds extends FakeAws {
  readonly clusters = new Map<string, Cluster>();
  readonly instances = new Map<string, string>();
  readonly parameters = new Map<string, string>([
    [`${PATH}/cluster-identifier`, LIVE],
    [`${PATH}/writer-endpoint`, "writer.of.live"],
    [`${PATH}/reader-endpoint`, "reader.of.live"],
  ]);
  deployments = 0;
  /** Clusters whose password was set, and the status that they have afterwards. */
  readonly passwordsSet: string[] = [];
  statusAfterPassword = "available";
  /** Host names at which the user of the services was set. */
  readonly usersSet: string[] = [];
  /** The final state of a deployment, and its id where the circuit breaker has replaced it. */
  rollout: { state: string; id?: string } = { state: "COMPLETED" };

  /** @param live attributes of the live cluster that differ from the defaults */
  constructor(
    live: Record<string, unknown> = {},
    /** Attributes of a restored cluster that differ from the live one's. */
    private readonly restored: Record<string, unknown> = {},
  ) {
    super();
    this.clusters.set(LIVE, {
      DbClusterIdentifier: LIVE,
      Status: "available",
      EarliestRestorableTime: "2026-11-14T07:00:00.000Z",
      LatestRestorableTime: "2026-11-21T07:55:00.000Z",
      EngineVersion: "16.8",
      KmsKeyId: KEY,
      StorageEncrypted: true,
      Endpoint: "writer.of.live",
      ReaderEndpoint: "reader.of.live",
      DbClusterMembers: [],
      ...live,
    });
  }

  ecs_updateService({ Service }: Call["parameters"]): object {
    this.deployments++;
    return { Service: { Deployments: [this.deployment(String(Service), "IN_PROGRESS"), { Id: "ecs-svc/0", Status: "ACTIVE" }] } };
  }

  /** A deployment has ended from the second call on. */
  ecs_describeServices({ Services }: Call["parameters"]): object {
    const [service = ""] = Services as string[];
    const state = this.callCount("ecs:describeServices") > 1 ? this.rollout.state : "IN_PROGRESS";
    return { Services: [{ RunningCount: 0, Deployments: [this.deployment(service, state, this.rollout.id)] }] };
  }

  private deployment(service: string, RolloutState: string, Id = `ecs-svc/${service}`): object {
    return { Id, Status: "PRIMARY", RolloutState };
  }

  rds_restoreDBClusterToPointInTime({ DbClusterIdentifier, SourceDBClusterIdentifier, KmsKeyId }: Call["parameters"]): object {
    const id = String(DbClusterIdentifier);
    this.clusters.set(id, {
      ...this.clusters.get(String(SourceDBClusterIdentifier)),
      DbClusterIdentifier: id,
      Status: "creating",
      KmsKeyId: String(KmsKeyId).startsWith("arn:") ? KmsKeyId : KEY,
      Endpoint: "writer.of.restored",
      ReaderEndpoint: "reader.of.restored",
      ...this.restored,
    });
    return {};
  }

  /** A new cluster is available from the second call on. */
  rds_describeDBClusters({ DbClusterIdentifier }: Call["parameters"]): object {
    const cluster = this.clusters.get(String(DbClusterIdentifier));
    if (!cluster) throw new AwsError("Rds.DbClusterNotFoundException", "no such cluster");
    const members = [...this.instances.keys()].filter((id) => id.startsWith(String(DbClusterIdentifier)));
    const described = {
      ...cluster,
      ...(members.length > 0 && {
        DbClusterMembers: members.map((id, index) => ({ DbInstanceIdentifier: id, IsClusterWriter: index === 0 })),
      }),
    };
    if (cluster.Status === "creating") cluster.Status = "available";
    else if (cluster.Status === "resetting-master-credentials") cluster.Status = this.statusAfterPassword;
    else if (cluster["PendingModifiedValues"]) {
      cluster.Status = "resetting-master-credentials";
      delete cluster["PendingModifiedValues"];
    }
    return { DbClusters: [described] };
  }

  rds_createDBInstance({ DbInstanceIdentifier }: Call["parameters"]): object {
    this.instances.set(String(DbInstanceIdentifier), "creating");
    return {};
  }

  rds_describeDBInstances({ DbInstanceIdentifier }: Call["parameters"]): object {
    const id = String(DbInstanceIdentifier);
    const Status = this.instances.get(id);
    if (Status === "creating") this.instances.set(id, "available");
    return { DbInstances: [{ DbInstanceStatus: Status }] };
  }

  rds_deleteDBInstance({ DbInstanceIdentifier }: Call["parameters"]): object {
    if (!this.instances.delete(String(DbInstanceIdentifier))) throw new AwsError("Rds.DbInstanceNotFoundException", "no such instance");
    return {};
  }

  rds_deleteDBCluster({ DbClusterIdentifier }: Call["parameters"]): object {
    if (!this.clusters.delete(String(DbClusterIdentifier))) throw new AwsError("Rds.DbClusterNotFoundException", "no such cluster");
    return {};
  }

  /** The functions `set-database-password`, whose change is visible from the second description on, and `set-service-user`. */
  lambda_invoke({ FunctionName, Payload }: Call["parameters"]): object {
    if (String(FunctionName).includes("service-user_function")) {
      this.usersSet.push((Payload as { host: string }).host);
      return { Payload: {} };
    }
    if (!String(FunctionName).includes("rewind_password-function")) throw new Error(`unexpected function ${String(FunctionName)}`);
    const { clusterIdentifier } = Payload as { clusterIdentifier: string };
    this.passwordsSet.push(clusterIdentifier);
    const cluster = this.clusters.get(clusterIdentifier);
    if (!cluster) throw new AwsError("DBClusterNotFoundFault", "no such cluster");
    Object.assign(cluster, { PendingModifiedValues: { MasterUserPassword: "****" } });
    return { Payload: {} };
  }

  rds_modifyDBCluster({ DbClusterIdentifier, DeletionProtection }: Call["parameters"]): object {
    Object.assign(this.clusters.get(String(DbClusterIdentifier)) ?? {}, { DeletionProtection });
    return {};
  }

  private backtrackInspections = 0;

  rds_backtrackDBCluster({ BacktrackTo }: Call["parameters"]): object {
    return { BacktrackIdentifier: "b-1", BacktrackTo, BacktrackedFrom: "2026-11-21T08:00:00.000Z", Status: "pending" };
  }

  rds_describeDBClusterBacktracks(): object {
    this.backtrackInspections++;
    return { DbClusterBacktracks: [{ Status: this.backtrackInspections > 1 ? (this.restored["Backtrack"] ?? "completed") : "applying" }] };
  }
}
