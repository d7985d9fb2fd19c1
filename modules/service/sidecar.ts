import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { hclLiteral } from "../state/hcl-literal";

/** A further container of a task. */
export interface Sidecar {
  readonly name: string;
  readonly image: string;
  /** Command and arguments. Empty: the default of the image. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Limit of the memory in MiB. @default - that of the task */
  readonly memoryMib?: number | undefined;
  /** Whether ECS replaces the task when the container stops. */
  readonly essential: boolean;
  /** Numeric user. Empty: the user of the image. */
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  /** ARN of the secret with the credentials of its registry. @default - none */
  readonly credentialsArn?: string | undefined;
  /** Command of the container health check. @default - none */
  readonly healthCheckCommand?: readonly string[] | undefined;
}

/** Container definition of a sidecar, as a local value: an expression for a list of containers. */
export function sidecarDefinition(scope: Construct, sidecar: Sidecar, logConfiguration: object): unknown {
  const { name, image, command, environment, memoryMib, essential, user, credentialsArn, healthCheckCommand } = sidecar;
  const variables = Object.entries(environment).map(([variable, value]) => ({ name: variable, value }));
  return new TerraformLocal(scope, `sidecar-${name}`, {
    name,
    image,
    ...(command.length > 0 && { command: `\${${hclLiteral(command)}}` }),
    ...(memoryMib !== undefined && { memory: memoryMib }),
    ...(user !== "" && { user }),
    ...(credentialsArn !== undefined && { repositoryCredentials: { credentialsParameter: credentialsArn } }),
    ...(healthCheckCommand && { healthCheck: { command: healthCheckCommand, interval: 10, timeout: 5, retries: 3, startPeriod: 10 } }),
    essential,
    readonlyRootFilesystem: sidecar.readonlyRootFilesystem,
    environment: `\${${hclLiteral(variables)}}`,
    linuxParameters: { initProcessEnabled: true },
    logConfiguration,
  }).asAnyMap;
}
