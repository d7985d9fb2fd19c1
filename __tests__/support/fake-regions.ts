import type { Request } from "../../modules/runbooks/region-control";
import type { GlobalDatabaseState } from "../../modules/runbooks/region-control/global-database";
import { AwsError, type Call } from "./state-machine";
import { FakeAws } from "./fake-aws";

/** The AWS services that a takeover calls: the global database, health checks and services, as one region sees them. */
export class FakeRegions extends FakeAws {
  readonly parameters = new Map<string, string>();
  /** The primary region of the global database. */
  primary: string;
  /** Each region's parameter that allows or freezes its writes. */
  readonly writes: Record<string, string>;
  /** Regions that can hold DNS, and those that do. */
  readonly holdRegions: string[];
  readonly holds = new Set<string>();
  /** Regions whose hold, or whose writes, cannot be switched although the region responds. */
  readonly stuckHolds = new Set<string>();
  readonly stuckWrites = new Set<string>();
  /** Errors of the function, by its action. */
  readonly refusedActions = new Map<string, string>();
  readonly otherExecutions: string[] = [];
  /** Identifier of a restored cluster that tasks use. */
  restored = "";
  readonly scaled: Record<string, readonly [number, number]> = {};
  /** Present ranges of tasks, by resource. */
  readonly ranges: Record<string, readonly [number, number]> = {};
  readinessProblems = "";
  /** The number of readiness checks after which this region is ready. */
  readyAfter = Infinity;
  private readinessChecks = 0;
  lagMilliseconds = 100;
  connected = true;
  /** The error of a refused switchover. */
  switchoverError: string | undefined;
  /** Whether the response to a switchover is lost, although AWS accepts the request. */
  losesResponses = false;
  /** Regions whose services do not respond. */
  readonly lostRegions = new Set<string>();
  /** The number of inspections until a promotion ends; Infinity for one that never ends. */
  promotionInspections = 2;
  rollout = "COMPLETED";
  running = 6;
  instances: number;
  private instanceStatus = "creating";
  private promoting = 0;

  /** @param region the region that takes over @param primary the present primary @param instances number of instances of the region's cluster @param regions all regions, the first one without a hold */
  constructor(
    readonly region: string,
    primary: string,
    instances = 3,
    regions: readonly string[] = ["us-east-1", "us-west-2"],
  ) {
    super();
    this.primary = primary;
    this.instances = instances;
    this.writes = Object.fromEntries(regions.map((name) => [name, name === primary ? "allowed" : "frozen"]));
    this.holdRegions = regions.slice(1);
    if (primary !== regions[0]) this.holds.add(primary);
  }

  lambda_invoke({ Payload }: Call["parameters"]): object {
    const request = Payload as Request;
    const failure = this.refusedActions.get(request.action);
    if (failure) throw new AwsError(failure, `${request.action} was refused`);
    return { Payload: this.answer(request) };
  }

  private answer(request: Request): object {
    switch (request.action) {
      case "inspect":
        return { ...this.inspect(), restored: this.restored };
      case "find-executions":
        return { others: this.otherExecutions };
      case "check-readiness":
        return this.checkReadiness();
      case "route-clients":
        return { failed: this.routeClients(request.to) };
      case "freeze-others":
        return { notFrozen: this.freezeOthers() };
      case "set-writes":
        this.assertReachable(request.region);
        this.writes[request.region] = request.writes;
        return {};
      case "switch-over":
        this.assertReachable(request.primaryRegion);
        if (this.switchoverError) throw new AwsError(this.switchoverError, "the global database cannot be switched over");
        this.beginPromotion();
        if (this.losesResponses) throw new AwsError("Lambda.Unknown", "the response was lost");
        return {};
    }
  }

  private checkReadiness(): object {
    this.readinessChecks++;
    const ready = this.readinessProblems === "" || this.readinessChecks > this.readyAfter;
    return { status: ready ? "ready" : "not-ready", problems: ready ? "" : this.readinessProblems, lagMilliseconds: this.lagMilliseconds };
  }

  private routeClients(to: string): string[] {
    return this.holdRegions.filter((region) => {
      if (this.lostRegions.has(region) || this.stuckHolds.has(region)) return true;
      if (region === to) this.holds.add(region);
      else this.holds.delete(region);
      return false;
    });
  }

  private freezeOthers(): string[] {
    return Object.keys(this.writes).filter((region) => {
      if (region === this.region) return false;
      if (this.lostRegions.has(region) || this.stuckWrites.has(region)) return true;
      this.writes[region] = "frozen";
      return false;
    });
  }

  private inspect(): GlobalDatabaseState {
    if (this.promoting > 0 && this.promoting++ > this.promotionInspections) {
      this.primary = this.region;
      this.promoting = 0;
    }
    const phase = this.promoting > 0 ? "changing" : this.primary === this.region ? "primary" : "secondary";
    return { phase, primaryRegion: this.primary, connected: this.connected };
  }

  private assertReachable(region: string): void {
    if (this.lostRegions.has(region)) throw new AwsError("TimeoutError", `${region} does not answer`);
  }

  beginPromotion(): void {
    this.promoting = 1;
  }

  rds_failoverGlobalCluster(): object {
    if (this.promoting > 0) throw new AwsError("Rds.InvalidGlobalClusterStateException", "the global database is being changed");
    this.beginPromotion();
    return {};
  }

  rds_describeDBClusters(): object {
    const cluster = {
      DbClusterIdentifier: `aurora-test-1-${this.region}`,
      Endpoint: `writer.${this.region}`,
      ReaderEndpoint: `reader.${this.region}`,
      DbClusterMembers: Array.from({ length: this.instances }, (_, index) => ({ DbInstanceIdentifier: `instance-${index}` })),
    };
    return { DbClusters: [cluster] };
  }

  rds_createDBInstance({ DbInstanceIdentifier }: Call["parameters"]): object {
    if (this.instances > 0) throw new AwsError("Rds.DbInstanceAlreadyExistsException", `${String(DbInstanceIdentifier)} exists`);
    this.instances = 1;
    return {};
  }

  /** A new instance is available from the second call on. */
  rds_describeDBInstances(): object {
    const DbInstanceStatus = this.instanceStatus;
    if (DbInstanceStatus === "creating") this.instanceStatus = "available";
    return { DbInstances: [{ DbInstanceStatus }] };
  }

  /** Sets the final status of the new instance. */
  breakInstance(status: string): this {
    this.instanceStatus = status;
    return this;
  }

  override ssm_putParameter(parameters: Call["parameters"]): object {
    if (String(parameters["Name"]).endsWith(`/${this.region}/service/writes`)) this.writes[this.region] = String(parameters["Value"]);
    return super.ssm_putParameter(parameters);
  }

  applicationautoscaling_describeScalableTargets({ ResourceIds }: Call["parameters"]): object {
    const [min, max] = this.ranges[(ResourceIds as string[])[0] ?? ""] ?? [];
    return { ScalableTargets: min === undefined ? [] : [{ MinCapacity: min, MaxCapacity: max }] };
  }

  applicationautoscaling_registerScalableTarget({ ResourceId, MinCapacity, MaxCapacity }: Call["parameters"]): object {
    this.scaled[String(ResourceId)] = [Number(MinCapacity), Number(MaxCapacity)];
    return {};
  }

  /** A deployment has ended from the second call on. */
  ecs_describeServices({ Services }: Call["parameters"]): object {
    const [service] = Services as string[];
    const RolloutState = this.callCount("ecs:describeServices") > 1 ? this.rollout : "IN_PROGRESS";
    return { Services: [{ RunningCount: this.running, Deployments: [{ Id: `ecs-svc/${service}`, Status: "PRIMARY", RolloutState }] }] };
  }
}
