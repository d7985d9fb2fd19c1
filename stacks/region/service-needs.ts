import type { RegionalService } from "../../config/capacity";
import { imageIn, registryAccounts, registryHost } from "../../config/registry";
import { COLLECTOR, traceVariables } from "../../config/tracing";
import type { Statement } from "../../modules/iam/policy";
import type { GivenSecrets } from "../../modules/service/given-secrets";
import { readForeignValues, type Registries } from "../../modules/service/permissions";
import type { Sidecar } from "../../modules/service/sidecar";
import type { RegionContext } from "./context";

interface ServiceNeeds {
  /** Environment variables that ECS reads at start, each with the ARN of its value. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment variables of the program. */
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of the secrets with the credentials of registries, by host. */
  readonly registryCredentials: Readonly<Record<string, string>>;
  readonly registries: Registries;
  readonly sidecars: readonly Sidecar[];
  readonly startStatements: readonly Statement[];
  readonly runStatements: readonly Statement[];
}

/** What a service needs beside the stores of the platform: images, secrets, sidecars, traces and further permissions. */
export function serviceNeeds(context: RegionContext, service: RegionalService, given: GivenSecrets): ServiceNeeds {
  const { config, region, scope } = context;
  const { accountId } = scope;
  const accounts = registryAccounts(config);
  const registryCredentials = Object.fromEntries(
    Object.entries(config.images.registrySecrets).map(([host, name]) => [host, given.arn(name)]),
  );
  const sidecar = (own: Sidecar): Sidecar => ({
    ...own,
    image: imageIn(region.name, accounts, own.image),
    credentialsArn: registryCredentials[registryHost(own.image)],
  });
  const sources = Object.entries(service.secrets).map(([variable, source]) => {
    if ("parameter" in source) return { variable, parameterArn: `arn:aws:ssm:${region.name}:${accountId}:parameter${source.parameter}` };
    return { variable, secretArn: given.arn(source.secret), field: source.field };
  });
  const secretArns = sources.flatMap(({ secretArn }) => secretArn ?? []);
  return {
    secrets: Object.fromEntries(
      sources.map(({ variable, parameterArn, secretArn, field }) => [
        variable,
        parameterArn ?? (field === undefined ? secretArn : `${secretArn}:${field}::`),
      ]),
    ),
    environment: service.tracing ? traceVariables(`${service.name}-${config.environmentSuffix}`) : {},
    registryCredentials,
    registries: { accounts, pullThroughPrefixes: config.images.pullThroughPrefixes },
    sidecars: [
      ...Object.entries(service.sidecars).map(([name, { image, memoryMib, ...own }]) =>
        sidecar({
          name,
          image,
          memoryMib,
          command: own.command ?? [],
          environment: own.taskEnvironment ?? {},
          essential: own.essential ?? false,
          user: own.user ?? service.user,
          readonlyRootFilesystem: own.readonlyRootFilesystem ?? true,
        }),
      ),
      ...(service.tracing ? [sidecar(collector(service.tracing.collectorImage))] : []),
    ],
    startStatements: readForeignValues(region.name, accountId, {
      secretArns: [...new Set([...secretArns, ...Object.values(registryCredentials)])],
      parameterArns: sources.flatMap(({ parameterArn }) => parameterArn ?? []),
    }),
    runStatements: [
      ...service.statements.map(({ actions, resources, everyResourceBecause }, index) => {
        const given = { Sid: `ServiceStatement${index + 1}`, Action: actions };
        return everyResourceBecause === undefined || resources.join() !== "*"
          ? { ...given, Resource: resources.map((resource) => inRegion(resource, region.name, accountId)) }
          : { ...given, everyResourceBecause };
      }),
      ...(service.tracing ? [SEND_TRACES] : []),
    ],
  };
}

/** @see https://aws-otel.github.io/docs/setup/ecs/create-iam-policy */
const SEND_TRACES: Statement = {
  Sid: "SendTraces",
  Action: [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ],
  everyResourceBecause: "the actions of X-Ray that send traces have no resource type",
};

/**
 * The collector of AWS receives OTLP, and sends traces to X-Ray. The user is that of its image, which has no other.
 * @see https://github.com/aws-observability/aws-otel-collector/blob/main/config/ecs/ecs-xray.yaml
 */
function collector(image: string): Sidecar {
  return {
    name: COLLECTOR,
    image,
    command: ["--config=/etc/ecs/ecs-xray.yaml"],
    environment: {},
    essential: false,
    user: "",
    readonlyRootFilesystem: true,
    healthCheckCommand: ["CMD", "/healthcheck"],
  };
}

function inRegion(arn: string, region: string, accountId: string): string {
  return arn.replaceAll("{region}", region).replaceAll("{account}", accountId);
}
