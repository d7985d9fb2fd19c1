import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, IAM_USER, MYSQL, SERVICE_USER } from "../support/config";
import { allows, type EvaluatedStatement, type PolicyRequest } from "../support/evaluate-policy";
import {
  BOUNDARY,
  DENY_POLICIES,
  DEPLOY_POLICIES,
  EXISTING_VPC_POLICIES,
  PLAN_POLICIES,
  PRODUCTION_POLICIES,
  statementsOf,
} from "../support/permissions";
import { list, statements } from "../support/policies";
import { regionStack } from "../support/synthesized";

const ACCOUNT = "123456789012";
const ZONE = "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE";
const PROD = "prod";
const PR = "pr-42";
const names = { SERVICE: "pay.bank.test", APEX: "bank.test" };

const plan = statementsOf(PLAN_POLICIES, PROD, names);
const deploy = statementsOf([...PRODUCTION_POLICIES, ...DENY_POLICIES], PROD, names);
const removal = statementsOf([...DEPLOY_POLICIES, ...DENY_POLICIES], PROD, names);
/** As docs/ci.md says: for all pull requests, and without the record of the apex. */
const ephemeral = statementsOf([...DEPLOY_POLICIES.filter((name) => name !== "deploy-apex"), ...DENY_POLICIES], "pr-*", {
  SERVICE: "pay-pr-*.bank.test",
  CANARIES: "canary-pr-",
});
const boundary = statementsOf(BOUNDARY, PROD);
const ROLES = Object.entries({ plan, deploy, ephemeral });

const tagged = (suffix: string) => ({ "aws:ResourceTag/EnvironmentSuffix": suffix });
const request = (action: string, resource: string, context: PolicyRequest["context"] = {}): PolicyRequest => ({
  action,
  resource,
  context,
});
/** A role that the deploy role creates with all permissions, and within the boundary. */
const mayCreatedRole = (made: PolicyRequest, within = boundary): boolean =>
  allows([{ Effect: "Allow", Action: "*", Resource: "*" }], made, within);

/** Calls on a resource of an environment: what its own role may do, and the role of another environment may not. */
const CALLS: readonly [action: string, on: (suffix: string) => string, context?: (suffix: string) => PolicyRequest["context"]][] = [
  ["rds:ModifyDBCluster", (suffix) => `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:aurora-${suffix}-us-east-1`],
  ["rds:DeleteDBCluster", (suffix) => `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:aurora-${suffix}-us-east-1`],
  ["elasticache:DeleteReplicationGroup", (suffix) => `arn:aws:elasticache:us-east-1:${ACCOUNT}:replicationgroup:cache-${suffix}-us-east-1`],
  ["dynamodb:DeleteTable", (suffix) => `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/table-sessions-${suffix}`],
  ["s3:DeleteObject", (suffix) => `arn:aws:s3:::bucket-application-data-${suffix}-${ACCOUNT}-us-east-1/1`],
  ["s3:PutObject", (suffix) => `arn:aws:s3:::standfast-state-${ACCOUNT}-us-east-1/standfast/${suffix}/us-east-1.tfstate`],
  ["backup:PutBackupVaultAccessPolicy", (suffix) => `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:vault-${suffix}`],
  ["backup:DeleteBackupPlan", () => `arn:aws:backup:us-east-1:${ACCOUNT}:backup-plan:1`, tagged],
  ["ecs:UpdateService", (suffix) => `arn:aws:ecs:us-east-1:${ACCOUNT}:service/ecs-${suffix}/service-${suffix}`],
  [
    "application-autoscaling:DeregisterScalableTarget",
    () => `arn:aws:application-autoscaling:us-east-1:${ACCOUNT}:scalable-target/1`,
    tagged,
  ],
  ["servicediscovery:DeleteService", () => `arn:aws:servicediscovery:us-east-1:${ACCOUNT}:service/srv-1`, tagged],
  ["lambda:UpdateFunctionCode", (suffix) => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:function-validation-${suffix}`],
  ["states:UpdateStateMachine", (suffix) => `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:runbook-rewind-${suffix}`],
  ["synthetics:UpdateCanary", (suffix) => `arn:aws:synthetics:us-east-1:${ACCOUNT}:canary:canary-${suffix}-health`],
  ["secretsmanager:PutSecretValue", (suffix) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:secret-database-${suffix}-AbCdEf`],
  ["secretsmanager:GetSecretValue", (suffix) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:secret-database-${suffix}-AbCdEf`],
  ["ssm:PutParameter", (suffix) => `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/standfast/${suffix}/us-east-1/database/writer-endpoint`],
  [
    "kms:Decrypt",
    () => `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`,
    (suffix) => ({ ...tagged(suffix), "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" }),
  ],
  [
    "kms:CreateGrant",
    () => `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`,
    (suffix) => ({ ...tagged(suffix), "kms:GrantIsForAWSResource": "true" }),
  ],
  ["kms:PutKeyPolicy", () => `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`, tagged],
  ["ec2:DeleteVpc", () => `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/vpc-1`, tagged],
  [
    "elasticloadbalancing:DeleteLoadBalancer",
    (suffix) => `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb-${suffix}/1`,
  ],
  [
    "arc-zonal-shift:UpdateZonalAutoshiftConfiguration",
    (suffix) => `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb-${suffix}/1`,
  ],
  ["cloudformation:UpdateStack", (suffix) => `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/stack-zonal-autoshift-${suffix}/1`],
  ["cloudwatch:DeleteAlarms", (suffix) => `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:alarm-writer-down-${suffix}`],
  ["sns:DeleteTopic", (suffix) => `arn:aws:sns:us-east-1:${ACCOUNT}:topic-alerts-${suffix}`],
  [
    "iam:PutRolePolicy",
    (suffix) => `arn:aws:iam::${ACCOUNT}:role/role-ecs-task-${suffix}-us-east-1`,
    () => ({ "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/standfast-boundary` }),
  ],
  [
    "iam:PassRole",
    (suffix) => `arn:aws:iam::${ACCOUNT}:role/role-ecs-task-${suffix}-us-east-1`,
    () => ({ "iam:PassedToService": "ecs-tasks.amazonaws.com" }),
  ],
  [
    "route53:ChangeResourceRecordSets",
    () => ZONE,
    (suffix) => ({
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": [suffix === PROD ? "pay.bank.test" : `pay-${suffix}.bank.test`],
      "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
    }),
  ],
];

describe("the role of pull requests", () => {
  it.each(CALLS)("may call %s in its own environments, and not in production", (action, on, context = () => ({})) => {
    expect(allows(ephemeral, request(action, on(PR), context(PR)))).toBe(true);
    expect(allows(ephemeral, request(action, on(PROD), context(PROD)))).toBe(false);
  });

  it.each<[string, string]>([
    ["route53:DeleteHealthCheck", "arn:aws:route53:::healthcheck/1"],
    ["route53:DeleteHostedZone", "arn:aws:route53:::hostedzone/ZPRIVATE"],
    ["rds:DeregisterDBProxyTargets", `arn:aws:rds:us-east-1:${ACCOUNT}:target-group:prx-tg-1`],
    ["events:RemovePermission", "*"],
    ["ecs:DeregisterTaskDefinition", "*"],
    ["logs:PutResourcePolicy", "*"],
    ["cloudwatch:DeleteAnomalyDetector", "*"],
    ["servicediscovery:UntagResource", "*"],
  ])("may call %s in production, too, which docs/ci.md states: AWS supports no restriction", (action, resource) => {
    expect(allows(ephemeral, request(action, resource))).toBe(true);
  });

  it("may not delete the public hosted zone, or change the record of its apex", () => {
    expect(allows(ephemeral, request("route53:DeleteHostedZone", ZONE))).toBe(false);
    expect(allows(ephemeral, record("A", "bank.test"))).toBe(false);
  });
});

describe("the role of production", () => {
  it.each(CALLS)("may call %s in production, and not in another environment", (action, on, context = () => ({})) => {
    expect(allows(deploy, request(action, on(PROD), context(PROD)))).toBe(true);
    expect(allows(deploy, request(action, on(PR), context(PR)))).toBe(false);
  });
});

describe("backups", () => {
  const POINTS = [
    `arn:aws:backup:us-east-1:${ACCOUNT}:recovery-point:1`,
    `arn:aws:rds:us-east-1:${ACCOUNT}:cluster-snapshot:awsbackup:job-1`,
  ];
  const VAULT = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:vault-prod`;
  const DELETIONS: readonly PolicyRequest[] = [
    ...POINTS.flatMap((point) =>
      ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:DisassociateRecoveryPoint"].map((action) =>
        request(action, point, tagged(PROD)),
      ),
    ),
    ...["DeleteBackupVault", "DeleteBackupVaultAccessPolicy", "PutBackupVaultLockConfiguration", "DeleteBackupVaultLockConfiguration"].map(
      (name) => request(`backup:${name}`, VAULT, tagged(PROD)),
    ),
    request("kms:ScheduleKeyDeletion", `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`, tagged(PROD)),
    request("kms:DisableKey", `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`, tagged(PROD)),
  ];

  it.each(ROLES)("of production cannot be deleted by the %s role", (_, role) => {
    expect(DELETIONS.filter((made) => allows(role, made))).toEqual([]);
    expect(POINTS.filter((point) => allows(role, request("rds:DeleteDBClusterSnapshot", point)))).toEqual([]);
  });

  it("of production cannot be deleted by a role that a pipeline creates", () => {
    expect(DELETIONS.filter((made) => mayCreatedRole(made))).toEqual([]);
    expect(mayCreatedRole(request("backup:StartBackupJob", VAULT, tagged(PROD)))).toBe(true);
  });

  it("of tables are deleted with their environment only, by their names", () => {
    const backup = (suffix: string): PolicyRequest =>
      request("backup:DeleteRecoveryPoint", `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/table-sessions-${suffix}/backup/1`);
    expect(allows(ephemeral, backup(PR))).toBe(true);
    for (const role of [ephemeral, deploy, plan]) expect(allows(role, backup(PROD))).toBe(false);
  });

  it("are deleted with their environment by the ephemeral role, and by the deploy role with removal.json", () => {
    for (const point of POINTS) {
      expect(allows(ephemeral, request("backup:DeleteRecoveryPoint", point, tagged(PR)))).toBe(true);
      expect(allows(ephemeral, request("backup:DeleteRecoveryPoint", point))).toBe(false);
      expect(allows(removal, request("backup:DeleteRecoveryPoint", point, tagged(PROD)))).toBe(true);
      expect(allows(removal, request("backup:DeleteRecoveryPoint", point, tagged(PR)))).toBe(false);
    }
  });
});

describe("the roles that a pipeline creates", () => {
  const ROLE = `arn:aws:iam::${ACCOUNT}:role/role-ecs-task-prod-us-east-1`;
  const within = { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/standfast-boundary` };

  it("have the boundary, which a pipeline can neither omit nor exchange nor remove", () => {
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      expect(allows(deploy, request(action, ROLE, within))).toBe(true);
      expect(allows(deploy, request(action, ROLE))).toBe(false);
      expect(allows(deploy, request(action, ROLE, { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" }))).toBe(
        false,
      );
    }
    for (const [, role] of ROLES)
      for (const action of ["iam:DeleteRolePermissionsBoundary", "iam:CreatePolicyVersion", "iam:CreateUser"])
        expect(allows(role, request(action, ROLE, within))).toBe(false);
  });

  it("are not the administrator of the backups", () => {
    for (const [, role] of ROLES)
      expect(allows(role, request("iam:CreateRole", `arn:aws:iam::${ACCOUNT}:role/backup-administrator-prod`, within))).toBe(false);
  });

  it("cannot reach another environment, other buckets and secrets, or another role", () => {
    const pull = statementsOf(BOUNDARY, "pr-*");
    for (const [action, on, context = () => ({})] of CALLS.filter(([action]) =>
      /^(s3:DeleteObject|secretsmanager:|iam:|kms:|ec2:)/.test(action),
    ))
      expect({ action, allowed: mayCreatedRole(request(action, on(PROD), context(PROD)), pull) }).toEqual({ action, allowed: false });
    expect(mayCreatedRole(request("rds:DeleteDBCluster", `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:1`, tagged(PROD)), pull)).toBe(false);
    expect(mayCreatedRole(request("rds:DeleteDBCluster", `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:1`, tagged(PR)), pull)).toBe(true);
    expect(mayCreatedRole(request("sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/Administrator`))).toBe(false);
  });

  it("have every permission of the platform's own roles", () => {
    /** ARNs that are known after apply, by the service of the action. */
    const known: Readonly<Record<string, string>> = {
      s3: `arn:aws:s3:::bucket-data-test-1-${ACCOUNT}-us-east-1`,
      secretsmanager: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:secret-database-test-1-AbCdEf`,
      iam: `arn:aws:iam::${ACCOUNT}:role/role-rds-monitoring-test-1-us-east-1`,
    };
    const own = statementsOf(BOUNDARY, "test-1");
    const requests = [regionStack(EVERYTHING), regionStack(MYSQL), regionStack(SERVICE_USER), regionStack(IAM_USER)]
      .flatMap(statements)
      .filter(({ address, Effect }) => address.startsWith("aws_iam_role_policy.") && Effect === "Allow")
      .flatMap(({ Action, Resource }) =>
        list(Action).flatMap((action) =>
          list(Resource).map((resource) =>
            request(
              action,
              resource.replace(/^\$\{[^}]+\}/, () => known[action.split(":")[0] ?? ""] ?? "arn:aws:other"),
              tagged("test-1"),
            ),
          ),
        ),
      );
    expect(requests.length).toBeGreaterThan(200);
    expect(requests.filter((made) => !mayCreatedRole(made, own)).map(({ action, resource }) => `${action} on ${resource}`)).toEqual([]);
  });
});

describe("health checks", () => {
  it("cannot be inverted or disabled by any role of a pipeline, or by a role that it creates", () => {
    const update = request("route53:UpdateHealthCheck", "arn:aws:route53:::healthcheck/1");
    expect(ROLES.filter(([, role]) => allows(role, update))).toEqual([]);
    expect(mayCreatedRole(update)).toBe(false);
    expect(allows(deploy, request("route53:CreateHealthCheck", "*"))).toBe(true);
  });
});

describe("secrets", () => {
  const secret = (name: string): PolicyRequest =>
    request("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-AbCdEf`);

  it("are readable by the roles of production only if they have the password of its database", () => {
    for (const role of [plan, deploy]) {
      expect(allows(role, secret("secret-database-prod"))).toBe(true);
      for (const name of ["card-network-prod", "secret-alert-endpoints-prod", "prod", "secret-database-staging"])
        expect({ name, allowed: allows(role, secret(name)) }).toEqual({ name, allowed: false });
    }
  });
});

function record(type: string, name: string): PolicyRequest {
  return request("route53:ChangeResourceRecordSets", ZONE, {
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
    "route53:ChangeResourceRecordSetsRecordTypes": [type],
  });
}

describe("the record of the apex", () => {
  it("is written with deploy-apex.json only, with the records that validate its certificate and no others", () => {
    const without = statementsOf(
      PRODUCTION_POLICIES.filter((name) => name !== "deploy-apex"),
      PROD,
      names,
    );
    for (const [type, name] of [
      ["A", "bank.test"],
      ["CNAME", "_0123456789abcdef.bank.test"],
    ] as const) {
      expect({ name, allowed: allows(deploy, record(type, name)) }).toEqual({ name, allowed: true });
      expect({ name, allowed: allows(without, record(type, name)) }).toEqual({ name, allowed: false });
    }
    for (const [type, name] of [
      ["MX", "bank.test"],
      ["TXT", "bank.test"],
      ["A", "www.bank.test"],
      ["TXT", "_dmarc.bank.test"],
    ] as const)
      expect({ type, name, allowed: allows(deploy, record(type, name)) }).toEqual({ type, name, allowed: false });
  });
});

describe("a VPC of another owner", () => {
  const withVpc = statementsOf([...PRODUCTION_POLICIES, ...DENY_POLICIES, ...EXISTING_VPC_POLICIES], PROD, names);
  const vpc = (id: string) => `arn:aws:ec2:us-east-1:210987654321:vpc/${id}`;
  const [OWN, OTHER] = ["vpc-0123456789abcdef0", "vpc-0fedcba9876543210"];

  it("gets security groups and endpoints with deploy-existing-vpc.json only, and no other VPC does", () => {
    for (const action of ["ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint"]) {
      expect(allows(withVpc, request(action, vpc(OWN)))).toBe(true);
      expect(allows(deploy, request(action, vpc(OWN)))).toBe(false);
      expect(allows(withVpc, request(action, vpc(OTHER)))).toBe(false);
    }
    const inSubnet = (id: string): PolicyRequest =>
      request("ec2:CreateVpcEndpoint", `arn:aws:ec2:us-east-1:${ACCOUNT}:subnet/subnet-1`, { "ec2:Vpc": vpc(id) });
    expect(allows(withVpc, inSubnet(OWN))).toBe(true);
    expect(allows(withVpc, inSubnet(OTHER))).toBe(false);
    expect(allows(deploy, inSubnet(OWN))).toBe(false);
  });

  it("is not changed by any pipeline role: its subnets, routes, network ACLs and endpoints have no tag of the environment", () => {
    const changes = [
      ["ec2:DeleteVpc", "vpc/vpc-0123456789abcdef0"],
      ["ec2:ModifyVpcAttribute", "vpc/vpc-0123456789abcdef0"],
      ["ec2:DeleteSubnet", "subnet/subnet-1"],
      ["ec2:CreateRoute", "route-table/rtb-1"],
      ["ec2:DeleteRoute", "route-table/rtb-1"],
      ["ec2:ReplaceRouteTableAssociation", "route-table/rtb-1"],
      ["ec2:CreateNetworkAclEntry", "network-acl/acl-1"],
      ["ec2:DeleteVpcEndpoints", "vpc-endpoint/vpce-1"],
    ].map(([action = "", resource]) => request(action, `arn:aws:ec2:us-east-1:${ACCOUNT}:${resource}`));
    expect(changes.filter((made) => allows(withVpc, made))).toEqual([]);
  });
});

describe("a key that is seconds old, whose tags KMS does not know yet", () => {
  const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`;

  it("can be completed and used through services", () => {
    const via = { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" };
    for (const role of [deploy, ephemeral]) {
      for (const action of ["kms:CreateAlias", "kms:EnableKeyRotation"]) expect(allows(role, request(action, KEY))).toBe(true);
      for (const action of ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"])
        expect(allows(role, request(action, KEY, via))).toBe(true);
      expect(allows(role, request("kms:CreateGrant", KEY, { "kms:GrantIsForAWSResource": "true" }))).toBe(true);
    }
  });

  it("cannot be used directly or destroyed", () => {
    for (const role of [deploy, ephemeral, removal] as readonly EvaluatedStatement[][])
      for (const action of ["kms:Decrypt", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKeyRotation"])
        expect({ action, allowed: allows(role, request(action, KEY)) }).toEqual({ action, allowed: false });
  });
});
