import * as autoscaling from "@aws-sdk/client-application-auto-scaling";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as balancing from "@aws-sdk/client-elastic-load-balancing-v2";
import * as elasticache from "@aws-sdk/client-elasticache";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as route53 from "@aws-sdk/client-route-53";
import * as ecs from "@aws-sdk/client-ecs";
import * as rds from "@aws-sdk/client-rds";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as ssm from "@aws-sdk/client-ssm";
import { AwsError, type Call } from "./state-machine";
import { performZonalShift } from "./zonal-shift-calls";

interface Client {
  send(command: unknown): Promise<unknown>;
}

type Rename = (key: string) => string;

const same: Rename = (key) => key;
const capitalized: Rename = (key) => key.charAt(0).toUpperCase() + key.slice(1);
const uncapitalized: Rename = (key) => key.charAt(0).toLowerCase() + key.slice(1);

/** The SDK client of each service, and how names of parameters in a state machine become those of the SDK, and back. */
const SERVICES: Readonly<Record<string, { module: object; client: new (config: object) => Client; toSdk: Rename; fromSdk: Rename }>> = {
  applicationautoscaling: {
    module: autoscaling,
    client: autoscaling.ApplicationAutoScalingClient,
    toSdk: same,
    fromSdk: same,
  },
  cloudwatch: { module: cloudwatch, client: cloudwatch.CloudWatchClient, toSdk: same, fromSdk: same },
  elasticache: { module: elasticache, client: elasticache.ElastiCacheClient, toSdk: same, fromSdk: same },
  elasticloadbalancingv2: { module: balancing, client: balancing.ElasticLoadBalancingV2Client, toSdk: same, fromSdk: same },
  route53: { module: route53, client: route53.Route53Client, toSdk: same, fromSdk: same },
  ecs: { module: ecs, client: ecs.ECSClient, toSdk: uncapitalized, fromSdk: capitalized },
  rds: { module: rds, client: rds.RDSClient, toSdk: (key) => key.replace(/^Db/, "DB"), fromSdk: javaName },
  sfn: { module: sfn, client: sfn.SFNClient, toSdk: uncapitalized, fromSdk: capitalized },
  sns: { module: sns, client: sns.SNSClient, toSdk: same, fromSdk: same },
  ssm: { module: ssm, client: ssm.SSMClient, toSdk: same, fromSdk: same },
};

/** Parameters that are dates in the SDK, and text in Step Functions. */
const TIMES = ["RestoreToTime", "BacktrackTo"];

/** Makes the calls of a state machine as Step Functions does, to the endpoint that the environment configures. */
export function performIn(region: string): (call: Call) => Promise<unknown> {
  return async ({ action, parameters }) => {
    const [service = "", operation = ""] = action.split(":");
    if (action === "lambda:invoke") return invoke(region, parameters);
    if (service === "arczonalshift") return performZonalShift(region, operation, parameters);
    const known = SERVICES[service];
    if (!known) throw new Error(`${action}: no SDK client is registered for ${service}`);
    const Command = (known.module as Record<string, new (input: object) => unknown>)[`${capitalized(operation)}Command`];
    if (!Command) throw new Error(`${action} is not an operation of ${service}`);
    const input = renamed(parameters, known.toSdk) as Record<string, unknown>;
    for (const time of TIMES) if (typeof input[time] === "string") input[time] = new Date(input[time]);
    try {
      const output = await new known.client({ region }).send(new Command(input));
      return renamed(JSON.parse(JSON.stringify(output)), known.fromSdk);
    } catch (error) {
      const { name, message } = error as Error;
      throw new AwsError(`${capitalized(service)}.${javaName(name.replace(/(Fault|Exception)$/, ""))}Exception`, message);
    }
  };
}

/** As Step Functions does: the response is under `Payload`, and an error of the function is an error of the state. */
async function invoke(region: string, { FunctionName, Payload }: Call["parameters"]): Promise<object> {
  const response = await new LambdaClient({ region }).send(
    new InvokeCommand({ FunctionName: String(FunctionName), Payload: Buffer.from(JSON.stringify(Payload)) }),
  );
  const content = JSON.parse(Buffer.from(response.Payload ?? []).toString()) as { errorType?: string; errorMessage?: string };
  if (response.FunctionError) throw new AwsError(content.errorType ?? "Error", content.errorMessage ?? "");
  return { Payload: content };
}

/**
 * The name of a member in the AWS SDK for Java, which Step Functions uses: capitals at the start are one word, except the
 * last of them.
 * @see https://github.com/aws/aws-sdk-java-v2/blob/master/codegen/src/main/java/software/amazon/awssdk/codegen/internal/Utils.java
 */
export function javaName(member: string): string {
  const [run = ""] = /^[A-Z]+/.exec(member) ?? [];
  if (run.length < 2 || run.length === member.length) return member;
  return member.charAt(0) + member.slice(1, run.length - 1).toLowerCase() + member.slice(run.length - 1);
}

function renamed(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [rename(key), renamed(inner, rename)]));
}
