import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A service as ECS describes it. */
export interface FakeService {
  readonly cluster: string;
  readonly name: string;
  /** `task-test-1:3` */
  readonly revision: string;
  readonly rolloutState?: string;
}

/** ECS of every region: describes services and task definitions that a test defines. */
export class FakeEcs {
  services: readonly FakeService[] = [];
  /** Image of each revision, in the order of their registration: the last one of a family is the newest. */
  images: Readonly<Record<string, string>> = {};
  /** Revisions that are deregistered: a family does not refer to them. */
  inactive: readonly string[] = [];
  /** The name of the error with which every call fails. */
  error: string | undefined;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const [, operation = ""] = String(request.headers["x-amz-target"]).split(".");
        const [, region = ""] = /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(String(request.headers.authorization)) ?? [];
        const answer = this.answer(operation, region, JSON.parse(Buffer.concat(chunks).toString()) as Readonly<Record<string, unknown>>);
        response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<FakeEcs> {
    const fake = new FakeEcs();
    await new Promise<void>((listening) => fake.server.listen(0, "127.0.0.1", listening));
    return fake;
  }

  get env(): NodeJS.ProcessEnv {
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  }

  stop(): void {
    this.server.close();
  }

  private answer(operation: string, region: string, input: Readonly<Record<string, unknown>>): object {
    if (this.error !== undefined) return { __type: this.error, message: "refused" };
    return operation === "DescribeServices" ? this.describeServices(region, input) : this.describeTaskDefinition(region, input);
  }

  private describeServices(region: string, { cluster, services }: Readonly<Record<string, unknown>>): object {
    const found = this.services.filter((service) => service.cluster === `${region}/${String(cluster)}`);
    if (found.length === 0) return { __type: "ClusterNotFoundException", message: "Cluster not found." };
    return {
      services: found
        .filter(({ name }) => (services as string[]).includes(name))
        .map(({ name, revision, rolloutState = "COMPLETED" }) => ({
          serviceName: name,
          status: "ACTIVE",
          taskDefinition: arn(region, revision),
          deployments: [{ id: "ecs-svc/1", status: "PRIMARY", taskDefinition: arn(region, revision), rolloutState }],
        })),
    };
  }

  private describeTaskDefinition(region: string, { taskDefinition }: Readonly<Record<string, unknown>>): object {
    const name = String(taskDefinition).split("/").at(-1) ?? "";
    const revision = Object.keys(this.images)
      .filter((known) => known === name || (known.startsWith(`${name}:`) && !this.inactive.includes(known)))
      .at(-1);
    if (revision === undefined) return { __type: "ClientException", message: "Unable to describe task definition." };
    const containerDefinitions = [{ name: "payments", image: this.images[revision] }];
    return { taskDefinition: { taskDefinitionArn: arn(region, revision), containerDefinitions } };
  }
}

function arn(region: string, revision: string): string {
  return `arn:aws:ecs:${region}:123456789012:task-definition/${revision}`;
}
