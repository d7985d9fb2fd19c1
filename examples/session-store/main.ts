// An app of its own: sessions of a shop in Redis, with a network, alerts and a dashboard. It uses modules of Standfast one by
// one, and neither its presets nor its terraform.tfvars.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { planNetwork } from "standfast/config/cidr";
import { Names, type RegionScope } from "standfast/config/naming";
import { Cache } from "standfast/modules/cache/cache";
import { Key, keyPolicyForAlerts, keyPolicyForLogs } from "standfast/modules/encryption/key";
import { Alerts } from "standfast/modules/monitoring/alerts";
import { Dashboard } from "standfast/modules/monitoring/dashboard";
import { OwnNetwork } from "standfast/modules/network/own-network";
import { RunbookPages } from "standfast/modules/runbook-pages/runbook-pages";
import { SecurityGroup } from "standfast/modules/security/security-group";

const ACCOUNT_ID = "123456789012";
const REGION = "eu-west-1";
const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const VPC_CIDR = "10.20.0.0/16";
const SUFFIX = "shop";

class SessionStore extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: REGION, allowedAccountIds: [ACCOUNT_ID], defaultTags: [{ tags: { Team: "shop" } }] });
    new S3Backend(this, { bucket: "shop-terraform-state", key: "session-store.tfstate", region: REGION });

    // Every module takes its names, its region and its account as props: nothing is global.
    const names = new Names(SUFFIX, REGION, ACCOUNT_ID);
    const region: RegionScope = { names, region: REGION, accountId: ACCOUNT_ID };
    const key = (purpose: string, statements: ConstructorParameters<typeof Key>[2]["statements"] = []): string =>
      new Key(this, `${purpose}-key`, { ...region, purpose, deletionDays: 30, statements }).arn;
    const logs = {
      logKeyArn: key("logs", [keyPolicyForLogs(REGION, ACCOUNT_ID, ["/aws/elasticache/*", names.path("*")])]),
      logRetentionDays: 30,
    };

    // Messages link to the runbook pages at this URL. Copy docs/runbooks of the package there, and adapt the pages.
    const pages = new RunbookPages({ ...region, environmentSuffix: SUFFIX, baseUrl: "https://wiki.shop.test/runbooks" });
    const alerts = new Alerts(this, "alerts", {
      ...region,
      purpose: "alerts",
      keyArn: key("alerts", keyPolicyForAlerts(ACCOUNT_ID)),
      emails: '${toset(["oncall@shop.test"])}',
      pages,
    });

    const network = new OwnNetwork(this, "network", {
      ...region,
      ...logs,
      vpcCidr: VPC_CIDR,
      plan: planNetwork(VPC_CIDR, ZONES),
      nat: "per-az",
      servicePort: 8080,
      dataPorts: [6379],
      withinDataTier: true,
      alerts,
    });
    const cache = new Cache(this, "cache", {
      ...region,
      ...logs,
      vpcId: network.vpcId,
      subnetIds: network.dataSubnetIds,
      engine: "valkey",
      engineVersion: "8.0",
      nodeType: "cache.r7g.large",
      shards: 2,
      replicas: 2,
      maxMemoryPolicy: "volatile-lru",
      snapshotRetentionDays: 1,
      snapshotWindow: "01:00-02:00",
      maintenanceWindow: "sun:03:00-sun:04:00",
      maxReplicaLagSeconds: 10,
      keyArn: key("cache"),
      finalSnapshot: false,
      alerts,
    });

    // The program of the shop is not in this app: its tasks or instances get this security group.
    const program = new SecurityGroup(this, "program", { names, vpcId: network.vpcId, role: "shop" });
    for (const { securityGroup, reason } of cache.connection().ingress ?? []) securityGroup.allowFrom(program, `the shop may ${reason}`);

    new Dashboard(this, "dashboard", { names, region: REGION, rows: [cache.widgets, network.widgets] });
    new TerraformOutput(this, "cache_endpoint", { staticId: true, value: cache.configurationEndpoint });
    new TerraformOutput(this, "program_security_group", { staticId: true, value: program.id });
  }
}

const app = new App();
new SessionStore(app, "session-store");
app.synth();
