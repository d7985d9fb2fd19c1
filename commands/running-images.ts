import { DescribeTaskDefinitionCommand, type ECSClient, type Service, type TaskDefinition } from "@aws-sdk/client-ecs";
import { PRIVATE_REGISTRY } from "../config/registry";

/** A revision of a task definition. */
export interface Revision {
  /** `task-pr-42:3` */
  readonly name: string;
  /** Image of each container, by the name of the container. */
  readonly images: Readonly<Record<string, string>>;
}

/** What ECS runs of a service. */
export interface RunningService {
  readonly revision: Revision;
  /**
   * The newest ACTIVE revision of the family, which is the last one that Terraform has registered: it deregisters the former one.
   * Undefined when the family has none.
   */
  readonly newest: Revision | undefined;
  /** The rollout state of the primary deployment, e.g. `COMPLETED`. `IN_PROGRESS` includes the time in which ECS watches the alarms. */
  readonly rolloutState: string;
}

/**
 * Reads the task definition that ECS runs for a service. After a deployment that ECS has rolled back, this is an older one than
 * Terraform has registered, and the state contains the newer one.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
 */
export async function readRunningService(ecs: ECSClient, { taskDefinition = "", deployments = [] }: Service): Promise<RunningService> {
  const [revision, newest] = await Promise.all([
    readRevision(ecs, taskDefinition),
    readRevision(ecs, familyOf(taskDefinition)).catch(withoutActive),
  ]);
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return { revision, newest, rolloutState: primary?.rolloutState ?? "COMPLETED" };
}

/** @param definition ARN, `family:revision`, or the family for its newest ACTIVE revision */
async function readRevision(ecs: ECSClient, definition: string): Promise<Revision> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: definition }));
  return { name: revisionOf(taskDefinition?.taskDefinitionArn ?? definition), images: imagesOf(taskDefinition) };
}

/** ECS reports a family without an ACTIVE revision as an error of the client, with the same name as others. */
function withoutActive(error: unknown): undefined {
  if (error instanceof Error && error.name === "ClientException" && error.message.includes("Unable to describe task definition"))
    return undefined;
  throw error;
}

function imagesOf(definition: TaskDefinition | undefined): Record<string, string> {
  return Object.fromEntries((definition?.containerDefinitions ?? []).map(({ name = "", image = "" }) => [name, image]));
}

/** `task-pr-42:3` of an ARN. */
export function revisionOf(taskDefinitionArn: string): string {
  return taskDefinitionArn.split("/").at(-1) ?? "";
}

function familyOf(taskDefinitionArn: string): string {
  return revisionOf(taskDefinitionArn).split(":")[0] ?? "";
}

/** The image without the host of a private registry, which is another one in each region. */
export function withoutRegistry(image: string): string {
  return image.replace(new RegExp(PRIVATE_REGISTRY), "");
}

/** `registry.bank.net/payments:1.4.2`; of several containers, each with its name. */
export function imageText({ images }: Revision): string {
  const all = Object.entries(images);
  return all.length === 1 ? (all[0]?.[1] ?? "") : all.map(([name, image]) => `${name} ${image}`).join(", ");
}
