import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, type Service, type TaskDefinition } from "@aws-sdk/client-ecs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** What changes from minute to minute, and is no configuration. */
const PASSING = ["events", "deployments", "taskSets", "runningCount", "pendingCount", "currentServiceDeployment"];

export interface Exported {
  readonly service: Partial<Service>;
  readonly taskDefinition: TaskDefinition;
}

/**
 * Writes the configuration of one ECS service, and of the task definition that it runs, to a versioned bucket: AWS Backup
 * knows no ECS. Run after every deployment and a few times a day.
 * @returns the key of the object
 */
export async function handler(): Promise<{ key: string }> {
  const cluster = given("CLUSTER");
  const name = given("SERVICE");
  const ecs = new ECSClient({});
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [name], include: ["TAGS"] }));
  const [service] = services;
  if (!service?.taskDefinition) throw new Error(`there is no service ${name} in the cluster ${cluster}`);
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition, include: ["TAGS"] }),
  );
  if (!taskDefinition) throw new Error(`there is no task definition ${service.taskDefinition}`);
  const key = `${cluster}/${name}.json`;
  const lasting = Object.fromEntries(Object.entries(service).filter(([field]) => !PASSING.includes(field)));
  const exported: Exported = { service: lasting, taskDefinition };
  await new S3Client({}).send(
    new PutObjectCommand({
      Bucket: given("BUCKET"),
      Key: key,
      Body: JSON.stringify(exported, undefined, 2),
      ContentType: "application/json",
    }),
  );
  return { key };
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
