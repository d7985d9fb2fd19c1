import type { GlobalDatabaseState, Request } from "../../modules/runbooks/move-database";
import { AwsError, type Call } from "./state-machine";
import { FakeAws } from "./fake-aws";

const PATH = "/standfast/test-1";

/** The AWS services that a takeover calls: the global database, health checks and services, as one region sees them. */
export class FakeRegions extends FakeAws {
  readonly parameters: Map<string, string>;
  /** The primary region of the global database. */
  primary: string;
  /** Each region's parameter that allows or freezes its writes. */
  readonly writes: Record<string, string> = { "us-east-1": "allowed", "us-west-2": "allowed" };
  /** Health checks that are disabled and inverted. */
  readonly disabledChecks = new Set<string>();
  readonly scaled: Record<string, readonly [number, number]> = {};
  readonly redeployed: string[] = [];
  lagAlarm: string | undefined = "OK";
  /** The number of calls after which the alarm on the lag is OK. */
  lagReportedAfter = Infinity;
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
  /** The deployment to which the circuit breaker rolls back every other one. */
  rollbackDeployment: string | undefined;
  running = 6;
  instances: number;
  private instanceStatus = "creating";
  private promoting = 0;

  /** @param region the region that takes over @param primary the present primary @param instances number of instances of the region's cluster */
  constructor(
    private readonly region: string,
    primary: string,
    instances = 3,
  ) {
    super();
    this.primary = primary;
    this.instances = instances;
    this.parameters = new Map(
      ["us-east-1", "us-west-2", "eu-west-1"].map((name) => [`${PATH}/${region}/dns/health-check/${name}`, `check-${name}`]),
    );
  }

  lambda_invoke({ Payload }: Call["parameters"]): object {
    const request = Payload as Request;
    switch (request.action) {
      case "inspect":
        return { Payload: this.inspect() };
      case "switch-over":
        this.assertReachable(request.primaryRegion);
        if (this.switchoverError) throw new AwsError(this.switchoverError, "the global database cannot be switched over");
        this.beginPromotion();
        if (this.losesResponses) throw new AwsError("Lambda.Unknown", "the response was lost");
        return { Payload: {} };
      case "set-writes":
        this.assertReachable(request.region);
        this.writes[request.region] = request.writes;
        return { Payload: {} };
    }
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

  cloudwatch_describeAlarms(): object {
    if (this.callCount("cloudwatch:describeAlarms") > this.lagReportedAfter) this.lagAlarm = "OK";
    return { MetricAlarms: this.lagAlarm === undefined ? [] : [{ StateValue: this.lagAlarm }] };
  }

  route53_updateHealthCheck({ HealthCheckId, Disabled, Inverted }: Call["parameters"]): object {
    if (Disabled !== Inverted) throw new Error("a disabled health check that is not inverted counts as healthy");
    if (Disabled) this.disabledChecks.add(String(HealthCheckId));
    else this.disabledChecks.delete(String(HealthCheckId));
    return {};
  }

  applicationautoscaling_registerScalableTarget({ ResourceId, MinCapacity, MaxCapacity }: Call["parameters"]): object {
    this.scaled[String(ResourceId)] = [Number(MinCapacity), Number(MaxCapacity)];
    return {};
  }

  ecs_updateService({ Service }: Call["parameters"]): object {
    this.redeployed.push(String(Service));
    return { Service: { Deployments: [{ Id: `ecs-svc/${String(Service)}`, Status: "PRIMARY" }] } };
  }

  /** A deployment has ended from the second call on. */
  ecs_describeServices({ Services }: Call["parameters"]): object {
    const [service] = Services as string[];
    const RolloutState = this.callCount("ecs:describeServices") > 1 ? this.rollout : "IN_PROGRESS";
    const Id = this.rollbackDeployment ?? `ecs-svc/${service}`;
    return { Services: [{ RunningCount: this.running, Deployments: [{ Id, Status: "PRIMARY", RolloutState }] }] };
  }
}
