import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { CloudWatchLogsClient, DescribeMetricFiltersCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, type TaskDefinition } from "@aws-sdk/client-ecs";
import { GetRoleCommand, IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Names } from "../../config/naming";
import { mergeTrees } from "../../config/paths";
import { Cloud, describeSimulated } from "../support/cloud";
import { FEW_RESOURCES, MINIMAL, NEEDS, twoRegions } from "../support/config";
import { createGivenSecrets } from "../support/given-secrets";
import { DEPLOY_POLICIES, missing, PLAN_POLICIES, statementsOf } from "../support/permissions";
import type { Pipeline } from "../support/pipeline";

jest.setTimeout(30 * 60 * 1000);

const REGIONS = ["us-east-1", "us-west-2"] as const;
const SUFFIX = "it-n";
const BOUNDARY = `arn:aws:iam::${MINIMAL.account_id}:policy/standfast-boundary`;
/** The services of a bank in both regions, and little else. */
const BANK = {
  ...twoRegions("hot"),
  ...NEEDS,
  network: { interface_endpoints: true },
  ...FEW_RESOURCES,
  permissions_boundary_arn: BOUNDARY,
};

describeSimulated("services of a bank in two regions", () => {
  let cloud: Cloud;
  let pipeline: Pipeline;

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, BANK);
    await createGivenSecrets(REGIONS);
    await cloud.bootstrap();
    pipeline = cloud.pipeline(SUFFIX);
  });

  afterAll(() => cloud.close());

  it("are deployed with images of three kinds of registry, secrets, statements, sidecars and a boundary, and nothing is left to change", async () => {
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("need no permission beyond the policies of docs/ci", () => {
    expect(missing(cloud.operations(), statementsOf(DEPLOY_POLICIES))).toEqual([]);
    expect(statementsOf(PLAN_POLICIES).length).toBeGreaterThan(0);
  });

  describe.each(REGIONS)("in %s", (region) => {
    const names = new Names(SUFFIX, region, MINIMAL.account_id);
    const taskOf = async (service: string): Promise<TaskDefinition> => {
      const ecs = new ECSClient({ region });
      const described = new DescribeServicesCommand({ cluster: names.of("ecs_cluster"), services: [names.of("ecs_service", service)] });
      const { services: [live] = [] } = await ecs.send(described);
      expect(live?.enableExecuteCommand).toBe(true);
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: live?.taskDefinition ?? "" }));
      return taskDefinition ?? {};
    };
    const arnOf = async (SecretId: string): Promise<string> =>
      (await new SecretsManagerClient({ region }).send(new DescribeSecretCommand({ SecretId }))).ARN ?? "";

    it("the program runs from the central registry of the region, beside a sidecar of a private registry and the collector", async () => {
      const { containerDefinitions = [] } = await taskOf("");
      expect(
        containerDefinitions.map(({ name, image, repositoryCredentials }) => [name, image, repositoryCredentials?.credentialsParameter]),
      ).toEqual([
        ["payments", `210987654321.dkr.ecr.${region}.amazonaws.com/payments:1.4.2`, undefined],
        ["agent", "registry.bank.test/agent:2.1.0", await arnOf("registry/bank")],
        ["trace-collector", NEEDS.service.tracing.collector_image, undefined],
      ]);
      expect(containerDefinitions[0]?.secrets).toEqual(
        expect.arrayContaining([
          { name: "PARTNER_TOKEN", valueFrom: `${await arnOf("partner/api")}:token::` },
          { name: "PARTNER_URL", valueFrom: `arn:aws:ssm:${region}:${MINIMAL.account_id}:parameter/bank/partner/url` },
        ]),
      );
    });

    it("another service logs in to the private registry, with a secret of its own", async () => {
      const { containerDefinitions: [ledger] = [] } = await taskOf("ledger");
      expect(ledger).toMatchObject({
        image: "registry.bank.test/ledger:1.0.0",
        repositoryCredentials: { credentialsParameter: await arnOf("registry/bank") },
        secrets: expect.arrayContaining([{ name: "LEDGER_KEY", valueFrom: await arnOf("ledger-key") }]),
      });
    });

    it("log events are counted", async () => {
      const { metricFilters = [] } = await new CloudWatchLogsClient({ region }).send(
        new DescribeMetricFiltersCommand({ logGroupName: names.path("service") }),
      );
      expect(metricFilters.map(({ filterName }) => filterName).sort()).toEqual([`filter-declined-${SUFFIX}`, `filter-timeouts-${SUFFIX}`]);
    });

    it("repositories are there to push to", async () => {
      const { stdout } = await pipeline.terraform(region).run("output", "-json", "repository_urls");
      const url = (name: string): string => `${MINIMAL.account_id}.dkr.ecr.${region}.amazonaws.com/repository-${name}-${SUFFIX}`;
      expect(JSON.parse(stdout)).toEqual({ payments: url("payments"), "ledger-api": url("ledger-api") });
    });
  });

  it("have roles within the boundary only", async () => {
    const iam = new IAMClient({ region: "us-east-1" });
    const roles: (string | undefined)[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: iam }, {}))
      for (const { RoleName } of Roles.filter(({ RoleName: name }) => name?.includes(`-${SUFFIX}-`)))
        roles.push((await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary?.PermissionsBoundaryArn);
    expect(roles.length).toBeGreaterThan(10);
    expect([...new Set(roles)]).toEqual([BOUNDARY]);
  });

  it("are not planned with a secret that a region does not have", async () => {
    await cloud.change(mergeTrees(BANK, { service: { secrets: { MISSING: { secret: "not/there" } } } }));
    await pipeline.synth();
    const { code, stderr } = await pipeline.terraform("us-west-2").run("plan", "-input=false", "-no-color");
    expect({ code, stderr: stderr.replaceAll(/[\s│]+/g, " ") }).toEqual({
      code: 1,
      stderr: expect.stringContaining("us-west-2 has no secret not/there, which service.secrets or images.registry_secrets names."),
    });
    await cloud.change(BANK);
    await pipeline.synth();
  });

  it("are destroyed without a trace, and the bank's own secrets remain", async () => {
    await pipeline.must("destroy");
    expect(await cloud.leftovers()).toEqual([]);
    await expect(
      new SecretsManagerClient({ region: "us-west-2" }).send(new DescribeSecretCommand({ SecretId: "partner/api" })),
    ).resolves.toBeDefined();
  });
});
