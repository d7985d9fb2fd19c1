import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { buildSync } from "esbuild";
import { strFromU8, unzipSync } from "fflate";
import { build, bundle } from "../../modules/functions/bundle";
import { run } from "../support/run";

/** Every function of the project, including new ones. */
const FUNCTIONS = readdirSync("modules").flatMap((module) =>
  readdirSync(join("modules", module), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join("modules", module, entry.name, "index.ts")))
    .map(({ name }) => `modules/${module}/${name}`),
);
const ZIPS = new Map(FUNCTIONS.map((folder) => [folder, build(folder)]));
const zipOf = (folder: string): Uint8Array => ZIPS.get(folder) ?? new Uint8Array();
const LOAD = 'try { console.log(typeof require("./index.js").handler) } catch ({ message }) { console.log(message) }';
const CANARY_FILE = "nodejs/node_modules/index.js";

const scratch = mkdtempSync(join(tmpdir(), "standfast-function-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Unpacks a function where no package can be found, as Lambda does. @returns the folder */
function unpacked(zip: Uint8Array): string {
  const place = mkdtempSync(join(scratch, "unpacked-"));
  for (const [path, content] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), content);
  }
  return place;
}

describe.each(FUNCTIONS)("the bundle of %s", (folder) => {
  const zip = zipOf(folder);
  const code = strFromU8(unzipSync(zip)["index.js"] ?? new Uint8Array());

  it("is the same, byte for byte, in every build", () => {
    expect(Buffer.from(zip).equals(build(folder))).toBe(true);
    expect(Buffer.from(zip).equals(readFileSync(bundle(folder)))).toBe(true);
  });

  it("has a name that is independent of other packages: a plan shows it", () => {
    expect(basename(bundle(folder))).toBe(`${folder.replaceAll("/", "-")}.zip`);
  });

  it("is one file that runs alone, with the AWS SDK in it", async () => {
    expect(Object.keys(unzipSync(zip))).toEqual(["index.js"]);
    const { stdout } = await run(process.execPath, ["-e", LOAD], { cwd: unpacked(zip), env: {} });
    // Some read their environment when they are loaded: the packages were found by then.
    expect(stdout.trim()).toMatch(/^(function|the environment variable \w+ is missing)$/);
  });

  it("contains nothing of the machine that built it", () => {
    const places = [process.cwd(), realpathSync("node_modules"), join(homedir(), "/")].filter((place) => place.length > 1);
    expect(places.filter((place) => code.includes(place))).toEqual([]);
  });

  it("is below 1 MB, which Lambda loads fast", () => {
    expect(zip.length).toBeGreaterThan(0);
    expect(zip.length).toBeLessThan(1_000_000);
  });

  it("is built from its own folder and packages only, so that every change of it is noticed", () => {
    const { metafile } = buildSync({
      entryPoints: [join(folder, "index.ts")],
      bundle: true,
      platform: "node",
      packages: "external",
      write: false,
      metafile: true,
    });
    const own = Object.keys(metafile.inputs);
    expect(own).toContain(`${folder}/index.ts`);
    expect(own.filter((input) => dirname(input) !== folder)).toEqual([]);
  });
});

describe("a function whose folder contains another", () => {
  it("is rejected, because a change in it would go unnoticed", () => {
    const folder = join(scratch, "nested");
    mkdirSync(join(folder, "parts"), { recursive: true });
    writeFileSync(join(folder, "index.ts"), "export const handler = (): void => undefined;");
    expect(() => bundle(relative(process.cwd(), folder))).toThrow(
      /nested contains the folder parts: the folder of a function must contain only files$/,
    );
  });
});

describe("a function, executed as AWS executes it", () => {
  interface Call {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }
  const calls: Call[] = [];
  let answer: (call: Call) => { readonly status?: number; readonly body: string };
  /** AWS, and the service that the canary requests. */
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const call = { path: request.url ?? "", headers: request.headers, body };
      calls.push(call);
      const { status = 200, body: text } = answer(call);
      response.writeHead(status).end(text);
    });
  });
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    calls.length = 0;
  });

  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const CALL_HANDLER = `
    const { handler } = require(process.argv[1]);
    console.info = console.warn = console.error;
    handler(JSON.parse(process.argv[2])).then(
      (result) => console.log(JSON.stringify({ result: result ?? null })),
      (error) => { console.log(JSON.stringify({ failure: error.message })); process.exitCode = 1; },
    );`;

  /** Calls the handler of an unpacked function in a process that knows AWS's environment and nothing else. */
  async function execute(place: string, module: string, event: unknown, environment: object): Promise<unknown> {
    const { code, stdout, stderr } = await run(process.execPath, ["-e", CALL_HANDLER, module, JSON.stringify(event)], {
      cwd: place,
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
        AWS_MAX_ATTEMPTS: "1",
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        ...environment,
      },
    });
    if (stdout === "") throw new Error(stderr);
    expect(code).toBe(stdout.startsWith('{"failure"') ? 1 : 0);
    return JSON.parse(stdout) as unknown;
  }

  describe("validate-payment", () => {
    const environment = {
      LIMITS: JSON.stringify({ EUR: { min: "0.50", max: "10000.00" } }),
      WINDOW_SECONDS: "300",
      IDEMPOTENCY_SECONDS: "86400",
      REQUESTS_TABLE: "table-payment-requests-pr-42",
    };
    const payment = (iban: string): object => ({
      idempotencyKey: "order-4711-attempt",
      createdAt: new Date().toISOString(),
      amount: { value: "12.34", currency: "EUR" },
      method: { type: "iban", iban },
    });
    const RIGHT = "DE89370400440532013000";
    let place: string;
    const validated = (event: unknown): Promise<unknown> => execute(place, "./index.js", event, environment);

    beforeAll(() => {
      place = unpacked(zipOf("modules/validation/validate-payment"));
    });

    it("accepts a valid payment and stores its key", async () => {
      answer = () => ({ body: "{}" });
      expect(await validated(payment(RIGHT))).toEqual({ result: { valid: true, repeated: false } });
      expect(calls.map(({ headers }) => headers["x-amz-target"])).toEqual(["DynamoDB_20120810.PutItem"]);
      expect(JSON.parse(calls[0]?.body ?? "")).toMatchObject({
        TableName: "table-payment-requests-pr-42",
        Item: { idempotency_key: { S: "order-4711-attempt" } },
      });
      expect(calls[0]?.body).not.toContain(RIGHT);
    });

    it("returns what is invalid without calling AWS", async () => {
      expect(await validated(payment("DE88370400440532013000"))).toEqual({
        result: { valid: false, reasons: [{ code: "IBAN_INVALID", field: "method.iban" }] },
      });
      expect(calls).toEqual([]);
    });

    it("recognizes another payment with the same key, from a real response of DynamoDB", async () => {
      answer = () => ({
        status: 400,
        body: JSON.stringify({
          __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
          message: "The conditional request failed",
          Item: { idempotency_key: { S: "order-4711-attempt" }, fingerprint: { S: "another" } },
        }),
      });
      expect(await validated(payment(RIGHT))).toEqual({
        result: { valid: false, reasons: [{ code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" }] },
      });
    });

    it("fails when DynamoDB does", async () => {
      answer = () => ({
        status: 400,
        body: JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message: "no such table" }),
      });
      expect(await validated(payment(RIGHT))).toEqual({ failure: "no such table" });
    });
  });

  describe("http-canary, from its place for Synthetics", () => {
    const zip = build("modules/canary/http-canary", CANARY_FILE);
    let place: string;
    // Synthetics finds it by its name, as a package.
    const runCanary = (): Promise<unknown> =>
      execute(
        place,
        "index",
        {},
        { NODE_PATH: join(place, dirname(CANARY_FILE)), TARGET_URL: url, MAX_LATENCY_SECONDS: "5", WRITES: "false" },
      );

    beforeAll(() => {
      place = unpacked(zip);
    });

    it("is all that is in the zip", () => {
      expect(Object.keys(unzipSync(zip))).toEqual([CANARY_FILE]);
    });

    it("passes when the service responds", async () => {
      answer = () => ({ body: "well" });
      expect(await runCanary()).toEqual({ result: null });
      expect(calls).toHaveLength(1);
    });

    it("fails when the service fails", async () => {
      answer = () => ({ status: 503, body: "unhealthy" });
      expect(await runCanary()).toEqual({ failure: `${url}: returned status 503` });
      expect(calls).toHaveLength(2);
    });
  });

  it.each<[string, string, unknown, object, (call: Call) => string, unknown]>([
    [
      "modules/backup/service-export",
      "DescribeServices, DescribeTaskDefinition, /bucket/ecs-pr-42/service-pr-42.json",
      {},
      { CLUSTER: "ecs-pr-42", SERVICE: "service-pr-42", BUCKET: "bucket" },
      ({ headers }) =>
        String(headers["x-amz-target"]).endsWith("DescribeServices")
          ? JSON.stringify({ services: [{ serviceName: "service-pr-42", taskDefinition: "task-pr-42:7" }] })
          : JSON.stringify({ taskDefinition: { family: "task-pr-42" } }),
      { key: "ecs-pr-42/service-pr-42.json" },
    ],
    [
      "modules/alert-forwarding/forward-alert",
      "GetSecretValue",
      { Records: [{ Sns: { MessageId: "1", Subject: null, Message: "CRITICAL: a task was stopped." } }] },
      {
        AWS_LAMBDA_FUNCTION_NAME: "function-forward-alert-pr-42",
        ENDPOINTS_SECRET: "secret",
        HEARTBEAT_TOPIC: "arn:aws:sns:us-east-1:123456789012:topic-heartbeat-pr-42",
        SOURCE: "/standfast/pr-42/us-east-1",
      },
      () => JSON.stringify({ SecretString: "[]" }),
      null,
    ],
    [
      "modules/runbooks/check-backups",
      "/backup-vaults/vault-pr-42, /backup-vaults/vault-pr-42/recovery-points",
      {},
      { VAULT: "vault-pr-42", OBJECTIVES: '[[{"resourceArn":"arn:aws:s3:::bucket","maxAgeHours":8}]]' },
      () => JSON.stringify({ RecoveryPoints: [] }),
      { objectivesMet: false, problems: ["arn:aws:s3:::bucket has no backup younger than 8 h."] },
    ],
    [
      "modules/encryption/key-check",
      "DescribeKey, PutMetricData",
      {},
      { KEYS: '{"alias/key-database-pr-42":"arn"}', METRIC_NAMESPACE: "Standfast", ENVIRONMENT_SUFFIX: "pr-42" },
      ({ headers }) => (headers["x-amz-target"] === "TrentService.DescribeKey" ? '{"KeyMetadata":{"KeyState":"Enabled"}}' : "{}"),
      { unusable: [] },
    ],
    [
      "modules/runbooks/region-control",
      "Action=DescribeGlobalClusters",
      { action: "inspect" },
      { GLOBAL_CLUSTER: "global-database-pr-42", REGIONS: "{}" },
      () => `<DescribeGlobalClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeGlobalClustersResult>
        <GlobalClusters><GlobalClusterMember><Status>available</Status><GlobalClusterMembers><GlobalClusterMember>
          <DBClusterArn>arn:aws:rds:us-east-1:123456789012:cluster:aurora</DBClusterArn><IsWriter>true</IsWriter>
        </GlobalClusterMember></GlobalClusterMembers></GlobalClusterMember></GlobalClusters>
        </DescribeGlobalClustersResult></DescribeGlobalClustersResponse>`,
      { phase: "primary", primaryRegion: "us-east-1", connected: true, restored: "" },
    ],
    [
      "modules/runbooks/set-database-password",
      "GetSecretValue, Action=ModifyDBCluster",
      { clusterIdentifier: "aurora-pr-42-us-east-1" },
      { SECRET_ARN: "secret" },
      ({ headers }) =>
        headers["x-amz-target"]
          ? JSON.stringify({ SecretString: '{"username":"ledger_admin","password":"p-1"}' })
          : `<ModifyDBClusterResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><ModifyDBClusterResult/></ModifyDBClusterResponse>`,
      {},
    ],
  ])("%s calls AWS and answers: %s", async (folder, expected, event, environment, body, result) => {
    answer = (call) => ({ body: body(call) });
    expect(await execute(unpacked(zipOf(folder)), "./index.js", event, environment)).toEqual({ result });
    const operations = calls.map(({ headers, path, body: sent }) => {
      const target = headers["x-amz-target"];
      return target ? String(target).split(".").at(-1) : sent.startsWith("Action=") ? sent.split("&")[0] : path;
    });
    expect(operations.map((operation) => operation?.replace(/\?.*/, "")).join(", ")).toBe(expected);
  });
});
