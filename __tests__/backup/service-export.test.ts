import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type Exported, handler } from "../../modules/backup/service-export";

type Send = (command: unknown) => Promise<unknown>;

describe("the export of the service's configuration", () => {
  const written: PutObjectCommand[] = [];
  let services: readonly object[];
  let taskDefinition: object | undefined;

  beforeEach(() => {
    Object.assign(process.env, { CLUSTER: "ecs-pr-42", SERVICE: "service-pr-42", BUCKET: "bucket", AWS_REGION: "us-east-1" });
    written.length = 0;
    services = [{ serviceName: "service-pr-42", taskDefinition: "task-pr-42:7", desiredCount: 6, runningCount: 5, events: [{ id: "1" }] }];
    taskDefinition = { family: "task-pr-42", revision: 7 };
    jest
      .spyOn(ECSClient.prototype as unknown as { send: Send }, "send")
      .mockImplementation((command) => Promise.resolve(command instanceof DescribeServicesCommand ? { services } : { taskDefinition }));
    jest.spyOn(S3Client.prototype as unknown as { send: Send }, "send").mockImplementation((command) => {
      written.push(command as PutObjectCommand);
      return Promise.resolve({});
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    for (const variable of ["CLUSTER", "SERVICE", "BUCKET"]) Reflect.deleteProperty(process.env, variable);
  });

  it("writes what lasts of the service, and the task definition that it runs, as one object", async () => {
    expect(await handler()).toEqual({ key: "ecs-pr-42/service-pr-42.json" });
    expect(written.map(({ input }) => [input.Bucket, input.Key])).toEqual([["bucket", "ecs-pr-42/service-pr-42.json"]]);
    expect(JSON.parse(written[0]?.input.Body as string) as Exported).toEqual({
      service: { serviceName: "service-pr-42", taskDefinition: "task-pr-42:7", desiredCount: 6 },
      taskDefinition: { family: "task-pr-42", revision: 7 },
    });
  });

  it("fails, and writes nothing, when there is no such service or task definition", async () => {
    services = [];
    await expect(handler()).rejects.toThrow("the service service-pr-42 does not exist in the cluster ecs-pr-42");
    services = [{ taskDefinition: "task-pr-42:7" }];
    taskDefinition = undefined;
    await expect(handler()).rejects.toThrow("the task definition task-pr-42:7 does not exist");
    expect(written).toEqual([]);
  });

  it("reports the missing variable", async () => {
    Reflect.deleteProperty(process.env, "BUCKET");
    await expect(handler()).rejects.toThrow("the environment variable BUCKET is missing");
  });
});
