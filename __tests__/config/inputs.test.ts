import { describe, expect, it } from "@jest/globals";
import { isPast } from "../../config/cron";
import { RUNTIME_VARIABLES } from "../../config/platform-variables";
import { secretIn } from "../../config/secret-text";
import { MINIMAL, regionsOf, TODAY } from "../support/config";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";

const zones = (...names: readonly string[]): object => ({ regions: [{ ...regionsOf("hot", "us-east-1")[0], availability_zones: names }] });
const range = (vpc_cidr: string): object => ({ regions: [{ ...regionsOf("hot", "us-east-1")[0], vpc_cidr }] });
const action = (name: string, at: string): object => ({ name, at, min: 6, max: 12 });
const schedule = (...actions: readonly object[]): object => ({ service: { tasks: { min: 6, max: 12 }, scaling: { schedule: actions } } });
const at = (time: string): object => schedule(action("opening", time));
const environment = (variables: object): object => ({ task_environment: variables });
const fallback = (host: string, dns: object = {}): object => ({ dns: { ...MINIMAL.dns, ...dns }, failover: { fallback_host: host } });
const runbooks = (url: string): object => ({ monitoring: { runbook_base_url: url } });

describeInvalidConfigs([
  {
    title: "an account of zeros",
    bad: { account_id: "000000000000" },
    where: "account_id",
    says: /12-digit id of the AWS account/,
    good: { account_id: "000000000001" },
  },
  {
    title: "a zone that no region has",
    bad: zones("us-east-1a", "us-east-1b", "us-east-1z"),
    where: "regions[0].availability_zones",
    says: /us-east-1z is not an Availability Zone of us-east-1/,
    good: zones("us-east-1a", "us-east-1b", "us-east-1f"),
  },
  {
    title: "a zone of too many letters",
    bad: zones("us-east-1a", "us-east-1b", "us-east-1cc"),
    where: "regions[0].availability_zones",
    says: /us-east-1cc is not an Availability Zone/,
    good: zones("us-east-1a", "us-east-1b", "us-east-1c"),
  },
  ...[
    "ELBSecurityPolicy-TLS-1-0-2015-04",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
  ].map((policy) => ({
    title: `the outdated TLS policy ${policy}`,
    bad: { load_balancer: { ssl_policy: policy } },
    where: "load_balancer.ssl_policy",
    says: /allows TLS 1\.0 or 1\.1/,
    good: { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS-1-2-2017-01" } },
  })),
  ...["pay.standfast.test", "us-east-1.pay.standfast.test"].map((host) => ({
    title: `the platform's own name ${host} as its fallback`,
    bad: fallback(host),
    where: "failover.fallback_host",
    says: /name of the platform itself.*a host that is served without this platform/s,
    good: fallback("sorry.standfast.test"),
  })),
  {
    title: "the own name of an ephemeral environment, with its suffix, as its fallback",
    bad: { ephemeral: true, ...fallback("pay-test-1.standfast.test") },
    where: "failover.fallback_host",
    says: /name of the platform itself/,
    good: { ephemeral: true, ...fallback("pay.standfast.test") },
  },
  {
    title: "the apex of the zone as the fallback, where it resolves to the service",
    bad: fallback("standfast.test", { apex: true }),
    where: "failover.fallback_host",
    says: /name of the platform itself/,
    good: fallback("standfast.test"),
  },
  {
    title: "a scheduled action in the past",
    bad: at("at(2026-11-20T07:30:00)"),
    where: "service.scaling.schedule[0].at",
    says: /is in the past.*a time in the future/s,
    good: at("at(2026-11-21T07:30:00)"),
  },
  {
    title: "a scheduled action of past years",
    bad: at("cron(0 7 ? * MON 2020-2025)"),
    where: "service.scaling.schedule[0].at",
    says: /is in the past/,
    good: at("cron(0 7 ? * MON 2020-2026)"),
  },
  {
    title: "two scheduled actions at the same time",
    bad: schedule(action("opening", "cron(0 7 ? * MON *)"), action("monday", "cron(0 7 ? * MON *)")),
    where: "service.scaling.schedule[1].at",
    says: /also the time of opening.*another time for monday/s,
    good: schedule(action("opening", "cron(0 7 ? * MON *)"), action("monday", "cron(5 7 ? * MON *)")),
  },
  {
    title: "an e-mail address with a wildcard",
    bad: { alert_emails: ["*@bank.test"] },
    where: "alert_emails[0]",
    says: /an e-mail address/,
    good: { alert_emails: ["all+pages@bank.test"] },
  },
  {
    title: "an e-mail address with two dots",
    bad: { alert_emails: ["on..call@bank.test"] },
    where: "alert_emails[0]",
    says: /an e-mail address/,
    good: { alert_emails: ["on.call@bank.test"] },
  },
  {
    title: "an e-mail address twice",
    bad: { alert_emails: ["oncall@bank.test", "OnCall@bank.test"] },
    where: "alert_emails[1]",
    says: /in the list twice.*each address once/s,
    good: { alert_emails: ["oncall@bank.test", "second@bank.test"] },
  },
  {
    title: "an environment variable that Fargate sets",
    bad: environment({ AWS_REGION: "eu-west-1" }),
    where: "task_environment.AWS_REGION",
    says: /is a variable that the platform, Fargate or the image sets/,
    good: environment({ PROGRAM_REGION: "eu-west-1" }),
  },
  {
    title: "an environment variable that the platform sets",
    bad: environment({ PARAMETER_PATH: "/other" }),
    where: "task_environment.PARAMETER_PATH",
    says: /is a variable that the platform, Fargate or the image sets/,
    good: environment({ PARAMETERS: "/other" }),
  },
  {
    title: "environment variables that differ in case only",
    bad: environment({ LOG_LEVEL: "info", log_level: "debug" }),
    where: "task_environment.log_level",
    says: /differs from another variable in upper and lower case only/,
    good: environment({ LOG_LEVEL: "info", log_format: "json" }),
  },
  {
    title: "a secret in an environment variable",
    bad: environment({ LEDGER_PASSWORD: "hunter2" }),
    where: "task_environment.LEDGER_PASSWORD",
    says: /looks like a secret by its name.*the ARN of a secret/s,
    good: environment({ LEDGER_PASSWORD: "arn:aws:secretsmanager:us-east-1:123456789012:secret:ledger" }),
  },
  {
    title: "a state bucket prefix with a hyphen at its end",
    bad: { state_bucket_prefix: "state-" },
    where: "state_bucket_prefix",
    says: /without a hyphen at the end/,
    good: { state_bucket_prefix: "state-1" },
  },
  {
    title: "a range with leading zeros",
    bad: range("10.010.0.0/16"),
    where: "regions[0].vpc_cidr",
    says: /10\.0\.0\.0\/16|IPv4 range/,
    good: range("10.10.0.0/16"),
  },
  {
    title: "a prefix length with a leading zero",
    bad: { load_balancer: { allowed_cidrs: ["10.0.0.0/08"] } },
    where: "load_balancer.allowed_cidrs[0]",
    says: /range/,
    good: { load_balancer: { allowed_cidrs: ["10.0.0.0/8"] } },
  },
  ...[
    "https://wiki.bank.test/runbooks/",
    "https://wiki.bank.test/a b",
    "https://wiki.bank.test/?page=1",
    "https://wiki.bank.test/#top",
  ].map((url) => ({
    title: `the base URL ${url}, to which no page can be appended`,
    bad: runbooks(url),
    where: "monitoring.runbook_base_url",
    says: /without a query, a fragment and the closing slash/,
    good: runbooks("https://wiki.bank.test/runbooks"),
  })),
  ...["Latest", "LATEST"].map((tag) => ({
    title: `an image of the tag ${tag}`,
    bad: { container_image: `registry.bank.test/payments:${tag}` },
    where: "container_image",
    says: /has no version/,
    good: { container_image: "registry.bank.test/payments:Latest-1" },
  })),
  {
    title: "protection of an environment that exists for hours",
    bad: { ephemeral: true, protect: true },
    where: "protect",
    says: /contradicts ephemeral = true/,
    good: { ephemeral: false, protect: true },
  },
]);

describe("a text that looks like a secret", () => {
  it.each([
    ["an access key of AWS", "KEY_OF_ROBOT", "AKIAIOSFODNN7EXAMPLE"],
    ["a private key", "CERTIFICATE", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
    ["a token of GitHub", "CHECKOUT", `ghp_${"a1".repeat(18)}`],
    ["a token of Slack", "HOOK", "xoxb-123456789012-abcdef"],
    ["a key of Stripe", "PROVIDER", `sk_live_${"a1".repeat(10)}`],
    ["a signed token", "SESSION", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N"],
    ["a URL with a password", "QUEUE_URL", "amqps://user:word@queue.bank.test"],
    ["a secret by its name", "API_KEY", "0123456789"],
  ])("is recognized as %s, without the value in the report", (what, name, value) => {
    expect(secretIn(name, value)).toBe(what);
    const problems = problemsOf(environment({ [name]: value }));
    expect(problems.map(({ where }) => where)).toEqual([`task_environment.${name}`]);
    expect(JSON.stringify(problems)).not.toContain(JSON.stringify(value).slice(1, -1));
  });

  it.each([
    ["TOKEN_URL", "https://login.bank.test/token"],
    ["SIGNING_SECRET", "/standfast/pr-42/signing"],
    ["API_KEY", ""],
    ["TOKENIZER", "words"],
    ["PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----"],
  ])("is not the setting %s=%s", (name, value) => {
    expect(secretIn(name, value)).toBeUndefined();
    expect(problemsOf(environment({ [name]: value }))).toEqual([]);
  });
});

describe("a time of the past", () => {
  it("ends with the day in every time zone", () => {
    expect(isPast("at(2026-11-20T11:00:00)", TODAY)).toBe(true);
    expect(isPast("at(2026-11-20T13:00:00)", TODAY)).toBe(false);
  });

  it("is no year that repeats", () => {
    expect(isPast("cron(0 7 ? * MON *)", TODAY)).toBe(false);
    expect(isPast("cron(0 7 ? * MON 2020/2)", TODAY)).toBe(false);
    expect(isPast("cron(0 7 ? * MON 2020,2021)", TODAY)).toBe(true);
  });
});

describe("the variables of the runtime", () => {
  it("are all refused, in additional services as well", () => {
    for (const name of RUNTIME_VARIABLES) {
      const ledger = {
        service_images: { ledger: "registry.bank.test/ledger:1.0.0" },
        services: { ledger: { task_environment: { [name]: "x" } } },
      };
      expect(problemsOf(ledger).map(({ where }) => where)).toEqual([`services.ledger.task_environment.${name}`]);
    }
  });
});
