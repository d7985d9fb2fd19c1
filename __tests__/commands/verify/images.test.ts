import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type DeploymentRolloutState, ECSClient } from "@aws-sdk/client-ecs";
import { imageText, readRunningService, withoutRegistry } from "../../../commands/running-images";
import { imageDifference, revisionViolations } from "../../../commands/verify/checks/images";
import { FakeEcs } from "../../support/fake-ecs";

const OLD = "registry.bank.test/payments:1.4.1";
const NEW = "registry.bank.test/payments:1.4.2";
const revision = (number: number, image: string) => ({ name: `task-pr-42:${number}`, images: { payments: image } });

describe("what ECS runs of a service", () => {
  let fake: FakeEcs;
  let ecs: ECSClient;

  beforeAll(async () => {
    fake = await FakeEcs.start();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    ecs = new ECSClient({ region: "us-east-1", endpoint: fake.env["AWS_ENDPOINT_URL"] ?? "", credentials, maxAttempts: 1 });
  });

  beforeEach(() => {
    fake.error = undefined;
    fake.images = { "task-pr-42:3": OLD, "task-pr-42:4": NEW };
  });

  afterAll(() => {
    ecs.destroy();
    fake.stop();
  });

  const ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/task-pr-42";
  const read = (number: number, rolloutState: DeploymentRolloutState = "COMPLETED") =>
    readRunningService(ecs, {
      taskDefinition: `${ARN}:${number}`,
      deployments: [
        { status: "PRIMARY", rolloutState },
        { status: "ACTIVE", rolloutState: "FAILED" },
      ],
    });

  it("is its revision, the newest revision of the family, and the state of the primary deployment", async () => {
    expect(await read(3, "IN_PROGRESS")).toEqual({ revision: revision(3, OLD), newest: revision(4, NEW), rolloutState: "IN_PROGRESS" });
  });

  it("has no newest revision when the family has no ACTIVE one, and any other error is one", async () => {
    fake.inactive = ["task-pr-42:3", "task-pr-42:4"];
    expect(await read(3)).toMatchObject({ revision: revision(3, OLD), newest: undefined });
    fake.inactive = [];
    fake.error = "AccessDeniedException";
    await expect(read(3)).rejects.toThrow("refused");
  });
});

describe("the revision of a service", () => {
  it("passes while it is the newest one", () => {
    expect(revisionViolations({ revision: revision(4, NEW), newest: revision(4, NEW), rolloutState: "COMPLETED" })).toEqual([]);
  });

  it("is a violation after ECS has rolled a deployment back, with both images", () => {
    expect(revisionViolations({ revision: revision(3, OLD), newest: revision(4, NEW), rolloutState: "COMPLETED" })).toEqual([
      `runs task-pr-42:3 (${OLD}), not the newest revision task-pr-42:4 (${NEW}): ECS has rolled back its deployment, or it was never started (docs/runbooks/service.md#deployments)`,
    ]);
  });

  it("is a violation when Terraform has deregistered every revision", () => {
    expect(revisionViolations({ revision: revision(3, OLD), newest: undefined, rolloutState: "COMPLETED" })).toEqual([
      "runs task-pr-42:3, and its task definition has no ACTIVE revision",
    ]);
  });
});

describe("the images of a service in all regions", () => {
  it("are the same apart from the registry of the region", () => {
    const local = (region: string): string => withoutRegistry(`123456789012.dkr.ecr.${region}.amazonaws.com/payments:1.4.2`);
    expect(
      imageDifference(
        "payments",
        new Map([
          ["us-east-1", local("us-east-1")],
          ["us-west-2", local("us-west-2")],
        ]),
      ),
    ).toEqual([]);
    expect(local("us-east-1")).toBe("payments:1.4.2");
    expect(withoutRegistry(NEW)).toBe(NEW);
  });

  it("differ by their tag or digest, which is one fragment with each region", () => {
    const images = new Map([
      ["us-east-1", OLD],
      ["us-west-2", NEW],
      ["eu-west-1", undefined],
    ]);
    expect(imageDifference("payments", images)).toEqual([`payments: us-east-1 runs ${OLD}, us-west-2 runs ${NEW}`]);
    // A missing service is the violation of another check.
    expect(imageDifference("payments", new Map(Object.entries({ "us-east-1": OLD, "us-west-2": undefined })))).toEqual([]);
  });

  it("are named by container if a service has several", () => {
    expect(imageText(revision(3, OLD))).toBe(OLD);
    expect(imageText({ name: "task-pr-42:3", images: { payments: OLD, proxy: "registry.bank.test/proxy:2" } })).toBe(
      `payments ${OLD}, proxy registry.bank.test/proxy:2`,
    );
  });
});
