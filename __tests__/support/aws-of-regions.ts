import type { Request, Seen } from "../../modules/runbooks/move-database";
import { AwsError, type Call } from "./state-machine";
import { PlayedAws } from "./played-aws";

const PATH = "/standfast/test-1";

/** As much of AWS as a region meets that takes over: the global database, health checks, services, from one region's view. */
export class AwsOfRegions extends PlayedAws {
  readonly parameters: Map<string, string>;
  /** The region that writes. */
  primary: string;
  /** Whether each region's program may write. */
  readonly writes: Record<string, string> = { "us-east-1": "allowed", "us-west-2": "allowed" };
  /** Health checks that are switched off. */
  readonly off = new Set<string>();
  readonly scaled: Record<string, readonly [number, number]> = {};
  readonly rolled: string[] = [];
  lagAlarm: string | undefined = "OK";
  /** How often the lag is asked for until the alarm knows it. */
  lagKnownAfter = Infinity;
  connected = true;
  /** The error with which AWS refuses a switchover. */
  refuseSwitchover: string | undefined;
  /** Whether answers to what changes the global database are lost, though AWS has heard the request. */
  losesAnswers = false;
  /** Regions that answer no call any more. */
  readonly lost = new Set<string>();
  /** How often a promotion is asked for until it is over; Infinity for one that never ends. */
  promotionTakes = 2;
  rollout = "COMPLETED";
  /** The deployment that the circuit breaker has put in the place of every other. */
  replacedBy: string | undefined;
  running = 6;
  instances: number;
  private instanceStatus = "creating";
  private promoting = 0;

  /** @param region the one that takes over @param primary the one that writes @param instances that its database has */
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
    switch (request.do) {
      case "inspect":
        return { Payload: this.inspect() };
      case "switch-over":
        this.reach(request.from);
        if (this.refuseSwitchover) throw new AwsError(this.refuseSwitchover, "the global database cannot be switched over");
        this.beginPromotion();
        if (this.losesAnswers) throw new AwsError("Lambda.Unknown", "the answer was lost");
        return { Payload: {} };
      case "set-writes":
        this.reach(request.region);
        this.writes[request.region] = request.to;
        return { Payload: {} };
    }
  }

  private inspect(): Seen {
    if (this.promoting > 0 && this.promoting++ > this.promotionTakes) {
      this.primary = this.region;
      this.promoting = 0;
    }
    const phase = this.promoting > 0 ? "changing" : this.primary === this.region ? "primary" : "secondary";
    return { phase, primaryRegion: this.primary, connected: this.connected };
  }

  private reach(region: string): void {
    if (this.lost.has(region)) throw new AwsError("TimeoutError", `${region} does not answer`);
  }

  /** The database is on its way here. */
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

  /** What is being made is there when it is asked for the second time. */
  rds_describeDBInstances(): object {
    const DbInstanceStatus = this.instanceStatus;
    if (DbInstanceStatus === "creating") this.instanceStatus = "available";
    return { DbInstances: [{ DbInstanceStatus }] };
  }

  /** Makes the new instance end up like this. */
  breakInstance(status: string): this {
    this.instanceStatus = status;
    return this;
  }

  cloudwatch_describeAlarms(): object {
    if (this.times("cloudwatch:describeAlarms") > this.lagKnownAfter) this.lagAlarm = "OK";
    return { MetricAlarms: this.lagAlarm === undefined ? [] : [{ StateValue: this.lagAlarm }] };
  }

  route53_updateHealthCheck({ HealthCheckId, Disabled, Inverted }: Call["parameters"]): object {
    if (Disabled !== Inverted) throw new Error("a check that is off and not inverted counts as well");
    if (Disabled) this.off.add(String(HealthCheckId));
    else this.off.delete(String(HealthCheckId));
    return {};
  }

  applicationautoscaling_registerScalableTarget({ ResourceId, MinCapacity, MaxCapacity }: Call["parameters"]): object {
    this.scaled[String(ResourceId)] = [Number(MinCapacity), Number(MaxCapacity)];
    return {};
  }

  ecs_updateService({ Service }: Call["parameters"]): object {
    this.rolled.push(String(Service));
    return { Service: { Deployments: [{ Id: `ecs-svc/${String(Service)}`, Status: "PRIMARY" }] } };
  }

  /** A deployment has ended when it is asked for the second time. */
  ecs_describeServices({ Services }: Call["parameters"]): object {
    const [service] = Services as string[];
    const RolloutState = this.times("ecs:describeServices") > 1 ? this.rollout : "IN_PROGRESS";
    const Id = this.replacedBy ?? `ecs-svc/${service}`;
    return { Services: [{ RunningCount: this.running, Deployments: [{ Id, Status: "PRIMARY", RolloutState }] }] };
  }
}
