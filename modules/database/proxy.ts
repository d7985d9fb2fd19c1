import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { DbProxyDefaultTargetGroup } from "@cdktf/provider-aws/lib/db-proxy-default-target-group";
import { DbProxyEndpoint } from "@cdktf/provider-aws/lib/db-proxy-endpoint";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { ServiceRole } from "../iam/service-role";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import { SecurityGroup } from "../security/security-group";
import { readSecretPermissions } from "./database-secret";

export interface DatabaseProxyProps extends RegionScope, LogSettings {
  /** ID of the VPC. Changing it replaces the proxy. */
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them replaces the proxy. */
  readonly subnetIds: string[];
  /** Port of the database, and of the proxy. */
  readonly port: number;
  /** Changing it replaces the proxy. */
  readonly engineFamily: "POSTGRESQL" | "MYSQL";
  /** Identifier of the Aurora cluster behind the proxy. */
  readonly clusterIdentifier: string;
  /** Secrets with the keys `username` and `password`, one for each user, and the KMS key that encrypts them. */
  readonly secretArns: readonly [string, ...string[]];
  /** ARN of the KMS key of the secrets. */
  readonly secretKeyArn: string;
  /** The instances: without them the proxy has no target. */
  readonly after: readonly ITerraformDependable[];
}

/** Percentage of the maximum connections of the database. The rest is reserved for administrators. */
const MAX_CONNECTIONS_PERCENT = 90;
const BORROW_TIMEOUT_SECONDS = 30;

/**
 * RDS Proxy pools connections to the database, and routes them to the new writer after a failover without waiting for DNS.
 * It is charged by the vCPUs of the instances.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html
 */
export class DatabaseProxy extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const { names, vpcId, port, subnetIds } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "database-proxy", port });
    const role = new ServiceRole(this, "role", {
      names,
      accountId: props.accountId,
      purpose: "rds-proxy",
      service: "rds.amazonaws.com",
      statements: readSecretPermissions(
        props.secretArns.length === 1 ? props.secretArns[0] : props.secretArns,
        props.secretKeyArn,
        props.region,
      ),
    });
    const name = names.of("db_proxy");
    // RDS would create the group itself, without a key and a retention, and it would remain after a destroy.
    const log = new LogGroup(this, "log", {
      name: `/aws/rds/proxy/${name}`,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    const proxy = new DbProxy(this, "proxy", {
      name,
      engineFamily: props.engineFamily,
      auth: props.secretArns.map((secretArn) => ({ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn })),
      requireTls: true,
      roleArn: role.arn,
      vpcSubnetIds: subnetIds,
      vpcSecurityGroupIds: [this.securityGroup.id],
      dependsOn: [...role.ready, log.resource],
    });
    const group = new DbProxyDefaultTargetGroup(this, "targets", {
      dbProxyName: proxy.name,
      connectionPoolConfig: { maxConnectionsPercent: MAX_CONNECTIONS_PERCENT, connectionBorrowTimeout: BORROW_TIMEOUT_SECONDS },
    });
    new DbProxyTarget(this, "cluster", {
      dbProxyName: proxy.name,
      targetGroupName: group.name,
      dbClusterIdentifier: props.clusterIdentifier,
      dependsOn: [...props.after],
    });
    const reader = new DbProxyEndpoint(this, "reader", {
      dbProxyName: proxy.name,
      dbProxyEndpointName: names.of("db_proxy", "reader"),
      targetRole: "READ_ONLY",
      vpcSubnetIds: subnetIds,
      vpcSecurityGroupIds: [this.securityGroup.id],
    });
    this.writerEndpoint = proxy.endpoint;
    this.readerEndpoint = reader.endpoint;
  }
}
