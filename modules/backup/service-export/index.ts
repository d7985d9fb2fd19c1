import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, type Service, type TaskDefinition } from "@aws-sdk/client-ecs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** Fields with runtime state, which is not part of the configuration. */
const RUNTIME_FIELDS = ["events", "deployments", "taskSets", "runningCount", "pendingCount", "currentServiceDeployment"];

export interface Exported {
  readonly service: Partial<Service>;
  readonly taskDefinition: TaskDefinition;
}

/**
 * Writes the configuration of one ECS service and of its task definition to a versioned bucket, because AWS Backup does not
 * support ECS. Runs after every deployment and a few times a day.
 * @returns the key of the object
 */
export async function handler(): Promise<{ key: string }> {
  const cluster = requiredVariable("CLUSTER");
  const name = requiredVariable("SERVICE");
  const ecs = new ECSClient({});
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name], include: ["TAGS"] }));
  const [service] = services;
  if (!service?.taskDefinition) throw new Error(`the service ${name} does not exist in the cluster ${cluster}`);
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition, include: ["TAGS"] }),
  );
  if (!taskDefinition) throw new Error(`the task definition ${service.taskDefinition} does not exist`);
  const key = `${cluster}/${name}.json`;
  const configuration = Object.fromEntries(Object.entries(service).filter(([field]) => !RUNTIME_FIELDS.includes(field)));
  const exported: Exported = { service: configuration, taskDefinition };
  await new S3Client({}).send(
    new PutObjectCommand({
      Bucket: requiredVariable("BUCKET"),
      Key: key,
      Body: JSON.stringify(exported, undefined, 2),
      ContentType: "application/json",
    }),
  );
  return { key };
}

function requiredVariable(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
