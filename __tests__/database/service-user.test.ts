import { describe, expect, it } from "@jest/globals";
import { MYSQL, twoRegions } from "../support/config";
import { permissionsOf } from "../support/policies";
import { containers, globalStack, oneRegion, parameterArn, regionStack, type Synthesized } from "../support/synthesized";

const user = (changed: object = {}) => ({
  database: { service_user: { enabled: true, authentication: "password", schema_changes: false, ...changed } },
});
const withMysql = (changed: object = {}) => ({ ...MYSQL, database: { ...MYSQL.database, ...user(changed).database } });

const MASTER = "${data.aws_secretsmanager_secret.database_master-secret.arn}";
const OWN = "${data.aws_secretsmanager_secret.database_service-user-guard_secret.arn}";
const KEY = "${data.aws_kms_alias.database_master-secret-key.target_key_arn}";

const plain = oneRegion();
const password = oneRegion(user());
const iam = oneRegion(user({ authentication: "iam" }));
const hot = twoRegions("hot");
const primary = regionStack({ ...hot, ...user() });
const standby = regionStack({ ...hot, ...user() }, 1);

const environment = (stack: Synthesized): Readonly<Record<string, string>> =>
  (stack.resource("aws_lambda_function.service-user_function_function")["environment"] as { variables: Record<string, string> }).variables;
const egress = (stack: Synthesized): string[] =>
  stack
    .all("aws_vpc_security_group_egress_rule")
    .filter(({ address }) => address.includes(".service-user-security-group_"))
    .map((rule) => `${String(rule["cidr_ipv4"] ?? rule["referenced_security_group_id"])}:${String(rule["to_port"])}`);
const parameterNames = (stack: Synthesized) =>
  stack.all("aws_ssm_parameter").map(({ address }) => address.replace("aws_ssm_parameter.", ""));

describe("without database.service_user", () => {
  it("there is no function, no invocation, no secret, and the services use the master user", () => {
    for (const stack of [plain, globalStack()]) expect(stack.all().filter(({ address }) => address.includes("service-user"))).toEqual([]);
    expect(containers(plain)).toContain(`"valueFrom" = "${MASTER}:password::"`);
  });
});

describe("the services with a user of their own", () => {
  it("get its name and its password, and may read no other secret", () => {
    expect(containers(password)).toContain(`"name" = "DATABASE_USER", "valueFrom" = "${OWN}:username::"`);
    expect(containers(password)).toContain(`"name" = "DATABASE_PASSWORD", "valueFrom" = "${OWN}:password::"`);
    expect(containers(password)).not.toContain(MASTER);
    const read = (stack: Synthesized) =>
      permissionsOf(stack, "service_execution-role").filter((permission) => permission.startsWith("secretsmanager:"));
    expect(read(plain)).toEqual([`secretsmanager:GetSecretValue on ${MASTER}`]);
    expect(read(password)).toEqual([`secretsmanager:GetSecretValue on ${OWN}`]);
    expect(read(standby)).toEqual([`secretsmanager:GetSecretValue on ${OWN}`]);
    expect(password.resource("aws_ssm_parameter.parameters_database-secret-arn")["value"]).toBe(OWN);
  });

  it("start after the user exists", () => {
    expect(password.only("aws_ecs_service")["depends_on"]).toContain("aws_lambda_invocation.service-user_invocation");
    expect(plain.only("aws_ecs_service")["depends_on"]).not.toContain("aws_lambda_invocation.service-user_invocation");
  });

  it("use the master user while the user exists and is not enabled", () => {
    const prepared = oneRegion(user({ enabled: false }));
    expect(containers(prepared)).toEqual(containers(plain));
    expect(prepared.all("aws_lambda_invocation")).toHaveLength(1);
    expect(globalStack({ ...user({ enabled: false }) }).all("aws_secretsmanager_secret")).toHaveLength(2);
  });
});

describe("the services with IAM authentication", () => {
  it("get the name of the user, and neither a password nor the permission to read a secret", () => {
    expect(containers(iam)).toContain(`"name" = "DATABASE_USER", "valueFrom" = ${parameterArn("database/user")}`);
    expect(iam.resource("aws_ssm_parameter.parameters_database-user")["value"]).toBe("standfast_service");
    expect(containers(iam)).not.toContain("DATABASE_PASSWORD");
    expect(permissionsOf(iam, "service_execution-role").filter((permission) => permission.includes("secret"))).toEqual([]);
    expect(parameterNames(iam)).not.toContain("parameters_database-secret-arn");
    expect(globalStack(user({ authentication: "iam" })).all("aws_secretsmanager_secret")).toHaveLength(1);
  });

  it("may connect as this user to this cluster", () => {
    const connect = (stack: Synthesized) =>
      permissionsOf(stack, "service_task-role").filter((permission) => permission.startsWith("rds-db"));
    const fixed = oneRegion({ database: { ...user({ authentication: "iam" }).database, rewind: false } });
    expect(connect(fixed)).toEqual([
      "rds-db:connect on arn:aws:rds-db:us-east-1:123456789012:dbuser:${aws_rds_cluster.aurora.cluster_resource_id}/standfast_service",
    ]);
    // A rewind restores to a cluster with another resource id.
    expect(connect(iam)).toEqual(["rds-db:connect on arn:aws:rds-db:us-east-1:123456789012:dbuser:cluster-*/standfast_service"]);
    expect(connect(password)).toEqual([]);
    expect(connect(plain)).toEqual([]);
    for (const stack of [plain, iam]) expect(stack.only("aws_rds_cluster")["iam_database_authentication_enabled"]).toBe(true);
  });
});

describe("the secret of the user", () => {
  it("has a password of its own, which is in no plan and no state, and the same replicas as the master secret", () => {
    const stack = globalStack({ ...hot, ...user() });
    expect(stack.resource("aws_secretsmanager_secret.service-user-secret_secret")).toMatchObject({
      name: "secret-service-user-test-1",
      kms_key_id: "${aws_kms_key.secret-key-us-east-1_key.arn}",
      replica: [{ region: "us-west-2", kms_key_id: "${aws_kms_key.secret-key-us-west-2_key.arn}" }],
    });
    const version = stack.resource("aws_secretsmanager_secret_version.service-user-secret_value");
    expect(version).toMatchObject({
      secret_string_wo:
        '${jsonencode({ username = "standfast_service", password = ephemeral.aws_secretsmanager_random_password.service-user.random_password })}',
      secret_string_wo_version: 1,
    });
    expect(version).not.toHaveProperty("secret_string");
  });

  it("gets no password while the cluster of another region is the writer", () => {
    const version = globalStack({ ...hot, ...user() }).resource("aws_secretsmanager_secret_version.service-user-secret_value");
    const [condition] = (version["lifecycle"] as { precondition: { condition: string; error_message: string }[] }).precondition;
    expect(condition?.condition).toContain('.names, "secret-service-user-test-1") || alltrue(');
    expect(condition?.error_message).toMatch(
      /^The password of database\.service_user is a new password, .* Until then, remove the change\.$/,
    );
  });
});

describe("the function that creates the user", () => {
  it.each([
    ["Aurora PostgreSQL", password, { ENGINE: "aurora-postgresql", PORT: "5432" }],
    ["Aurora MySQL", oneRegion(withMysql()), { ENGINE: "aurora-mysql", PORT: "3306" }],
    [
      "Aurora Serverless",
      oneRegion({
        database: { ...user().database, instance_class: "db.serverless", serverless: { min_acu: 2, max_acu: 16 } },
      }),
      { ENGINE: "aurora-postgresql", PORT: "5432" },
    ],
  ])("knows the cluster of %s", (_, stack, engine) => {
    expect(environment(stack)).toMatchObject({
      ...engine,
      HOST: "${aws_rds_cluster.aurora.endpoint}",
      DATABASE: "payments",
      USERNAME: "standfast_service",
      SCHEMA_CHANGES: "false",
      MASTER_SECRET_ARN: MASTER,
      USER_SECRET_ARN: OWN,
    });
  });

  it("connects to the live cluster where a rewind can switch the tasks, and otherwise to that of Terraform, also behind a proxy", () => {
    expect(environment(password)["HOST_PARAMETER"]).toBe("/standfast/test-1/us-east-1/database/writer-endpoint");
    expect(environment(primary)["HOST_PARAMETER"]).toBe("/standfast/test-1/us-east-1/database/global-writer-endpoint");
    for (const stack of [oneRegion(withMysql()), oneRegion({ database: { ...user().database, rewind: false, proxy: true } })])
      expect(environment(stack)).not.toHaveProperty("HOST_PARAMETER");
  });

  it("may read the two secrets and that parameter, and change nothing but its log and its network interfaces", () => {
    const own = (stack: Synthesized) =>
      permissionsOf(stack, "service-user_function_role").filter((permission) => !/^(ec2|logs|xray):/.test(permission));
    const decrypt = `kms:Decrypt on ${KEY}`;
    const log = "kms:Decrypt on ${aws_kms_key.database-key_key.arn}";
    const parameter =
      "ssm:GetParameter on arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1/database/writer-endpoint";
    const [master, user_] = [MASTER, OWN].map((secret) => `secretsmanager:GetSecretValue on ${secret}`);
    expect(own(password)).toEqual([log, master, user_, decrypt, parameter]);
    expect(own(iam)).toEqual([log, master, decrypt, parameter]);
  });

  it("reaches the database and AWS APIs only, through the interface endpoints if there are some", () => {
    expect(egress(password)).toEqual(["${aws_security_group.database_security-group_group.id}:5432", "0.0.0.0/0:443"]);
    expect(egress(oneRegion({ ...user(), network: { interface_endpoints: true } }))).toEqual([
      "${aws_security_group.database_security-group_group.id}:5432",
      "${aws_security_group.interface-endpoints_security-group_group.id}:443",
    ]);
    const { vpc_config } = password.resource("aws_lambda_function.service-user_function_function") as unknown as {
      vpc_config: { subnet_ids: string[] };
    };
    expect(vpc_config.subnet_ids.map((id) => id.includes("network_application_"))).toEqual([true, true, true]);
  });

  it("runs for a new cluster and for each change of the user, after the instances", () => {
    const invocation = (stack: Synthesized) => stack.only("aws_lambda_invocation");
    const triggers = {
      cluster: "${aws_rds_cluster.aurora.cluster_resource_id}",
      password_version: "1",
      authentication: "password",
      schema_changes: "false",
    };
    expect(invocation(password)).toMatchObject({ input: "{}", triggers });
    expect(invocation(oneRegion({ database: { ...user().database, password_version: 2 } }))["triggers"]).toEqual({
      ...triggers,
      password_version: "2",
    });
    expect(invocation(oneRegion(user({ schema_changes: true })))["triggers"]).toEqual({ ...triggers, schema_changes: "true" });
    for (const instance of password.all("aws_rds_cluster_instance")) expect(invocation(password)["depends_on"]).toContain(instance.address);
    expect(JSON.stringify(invocation(password))).not.toContain("ephemeral");
  });

  it("is invoked in the primary region only, and is in a standby for a rewind, unless that has no instance", () => {
    expect(primary.all("aws_lambda_invocation")).toHaveLength(1);
    expect(standby.all("aws_lambda_invocation")).toEqual([]);
    expect(environment(standby)["HOST"]).toBe("${aws_rds_cluster.aurora.endpoint}");
    const pilotLight = regionStack({ ...twoRegions("pilot-light"), ...user() }, 1);
    expect(pilotLight.all("aws_lambda_function").filter(({ address }) => address.includes("service-user"))).toEqual([]);
    expect(containers(pilotLight)).toContain(`"valueFrom" = "${OWN}:password::"`);
  });

  it("loses its security group before its role, with which Lambda removes its network interfaces", () => {
    expect(password.resource("aws_security_group.service-user-security-group_group")).toMatchObject({
      timeouts: { delete: "60m" },
      depends_on: expect.arrayContaining(["aws_iam_role.service-user_function_role_role"]),
    });
  });
});

describe("a proxy", () => {
  it("authenticates the user of the services with its secret, and the master user", () => {
    const proxied = oneRegion({ database: { ...user().database, rewind: false, proxy: true } });
    const auth = [MASTER, OWN].map((secret_arn) => ({ auth_scheme: "SECRETS", iam_auth: "DISABLED", secret_arn }));
    expect(proxied.only("aws_db_proxy")["auth"]).toEqual(auth);
    expect(permissionsOf(proxied, "database_proxy_role").filter((permission) => permission.startsWith("secretsmanager"))).toHaveLength(2);
  });
});

describe("a rewind", () => {
  const definition = (stack: Synthesized) =>
    JSON.parse(String(stack.resource("aws_sfn_state_machine.rewind_runbook_machine")["definition"])) as {
      States: Record<string, Record<string, unknown>>;
    };

  it("by restore sets the user in the restored cluster after the password, and before the tasks are switched", () => {
    const { States } = definition(password);
    expect(States["SetServiceUser"]).toMatchObject({
      Parameters: {
        FunctionName: "${aws_lambda_function.service-user_function_function.arn}",
        Payload: { "host.$": "$.described.cluster.Endpoint" },
      },
      TimeoutSeconds: 85,
      Catch: [expect.objectContaining({ Next: "DeleteInstances" })],
      Next: "FindLiveClusterAgain",
    });
    expect(JSON.stringify(States["CheckPasswordStatus"])).toContain('"Next":"SetServiceUser"');
    expect(definition(plain).States).not.toHaveProperty("SetServiceUser");
  });

  it("by backtrack sets the user in place, and reports the command if that fails", () => {
    const { States } = definition(oneRegion(withMysql()));
    expect(States["SetServiceUser"]).toMatchObject({
      Parameters: { Payload: { "host.$": "$.live.cluster.Endpoint" } },
      Catch: [expect.objectContaining({ Next: "NotifyServiceUserNotSet" })],
      Next: "NotifyDone",
    });
    expect(JSON.stringify(States["NotifyServiceUserNotSet"])).toContain(
      "aws lambda invoke --region us-east-1 --function-name ${aws_lambda_function.service-user_function_function.arn} /dev/stdout",
    );
  });

  it("may invoke the function", () => {
    const invoke = (stack: Synthesized) =>
      permissionsOf(stack, "rewind_runbook_role").filter((permission) => permission.includes("service-user"));
    expect(invoke(password)).toEqual(["lambda:InvokeFunction on ${aws_lambda_function.service-user_function_function.arn}"]);
    expect(invoke(plain)).toEqual([]);
  });
});
