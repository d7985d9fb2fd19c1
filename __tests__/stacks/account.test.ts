import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, ONE_REGION, twoRegions } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";
import { everyStack, failoverStack, oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const LISTS = ["pl-0123456789abcdef0", "pl-0fedcba9876543210"];
const withLists = (lists: readonly string[]) => ({
  regions: ONE_REGION.regions.map((region) => ({ ...region, client_prefix_list_ids: lists })),
});
const INTERNAL = { ...ONE_REGION, load_balancer: { internal: true, allowed_cidrs: ["10.0.0.0/8"] }, canaries: { enabled: false } };

describe("the path of the roles", () => {
  it("is that of every role, in every stack", () => {
    const stacks = [...everyStack({ ...twoRegions("hot"), iam_role_path: "/bank/payments/" }).values()];
    const roles = stacks.flatMap((stack) => stack.all("aws_iam_role"));
    expect(roles.length).toBeGreaterThan(10);
    expect([...new Set(roles.map(({ path }) => path))]).toEqual(["/bank/payments/"]);
  });

  it("cannot change: a plan with another one fails", () => {
    const stack = oneRegion({ ...ONE_REGION, iam_role_path: "/payments/" });
    expect(stack.resource("terraform_data.first-role-path")).toMatchObject({
      input: { value: "/payments/" },
      lifecycle: { ignore_changes: ["input"] },
    });
    expect(stack.resource("terraform_data.role-path")["lifecycle"]).toMatchObject({
      precondition: [{ condition: '${terraform_data.first-role-path.output.value == "/payments/"}' }],
    });
  });

  it("is none by default", () => {
    expect(
      oneRegion()
        .all("aws_iam_role")
        .filter((role) => "path" in role),
    ).toEqual([]);
  });
});

describe("clients of prefix lists", () => {
  const sources = (stack: Synthesized) =>
    stack
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id: group }) => String(group).includes("load-balancer_security-group"))
      .map(({ cidr_ipv4: range, prefix_list_id: list, from_port: port }) => `${String(range ?? list)}:${String(port)}`)
      .sort();

  it("reach the load balancer beside those of the ranges, or alone", () => {
    const both = oneRegion({ ...withLists(LISTS), load_balancer: { allowed_cidrs: ["10.0.0.0/8"] } });
    expect(sources(both)).toEqual(["10.0.0.0/8:443", "10.0.0.0/8:80", ...LISTS.flatMap((list) => [`${list}:443`, `${list}:80`])].sort());
    const alone = oneRegion({ ...withLists(LISTS.slice(0, 1)), load_balancer: { allowed_cidrs: [] } });
    expect(sources(alone)).toEqual([`${LISTS[0]}:443`, `${LISTS[0]}:80`]);
  });
});

describe("the policies of the endpoints", () => {
  interface Policy {
    readonly Statement: {
      readonly Sid: string;
      readonly Action: string;
      readonly Resource: string;
      readonly Condition?: { readonly StringEquals: object };
    }[];
  }
  const policies = (stack: Synthesized) =>
    new Map(
      stack
        .all("aws_vpc_endpoint")
        .map(({ service_name: name, policy }) => [String(name).split(".").slice(3).join("."), policy as string | undefined]),
    );

  it("permit principals of this account only, and the image layers of ECR", () => {
    const all = policies(oneRegion({ ...EVERYTHING, network: { interface_endpoints: true, endpoint_policies: true } }));
    expect(all.size).toBeGreaterThan(7);
    for (const [service, text] of all) {
      const { Statement } = JSON.parse(text ?? "{}") as Policy;
      const [own, ...others] = Statement;
      expect(own?.Condition?.StringEquals).toMatchObject({ "aws:PrincipalAccount": "123456789012" });
      expect(others.map(({ Action, Resource }) => [Action, Resource])).toEqual(
        service === "s3" ? [["s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"]] : [],
      );
      if (service === "dynamodb") expect(own?.Condition?.StringEquals).toMatchObject({ "aws:ResourceAccount": "123456789012" });
    }
  });

  it("are those of AWS by default", () => {
    expect([...policies(oneRegion(EVERYTHING)).values()].filter((text) => text !== undefined)).toEqual([]);
  });
});

describe("an internal load balancer", () => {
  it("has private addresses, and DNS without a health check that could not reach it", () => {
    expect(regionStack(INTERNAL).only("aws_lb")).toMatchObject({ internal: true });
    const failover = failoverStack(INTERNAL);
    expect(failover.all("aws_route53_health_check")).toEqual([]);
    expect(failover.all("aws_route53_record").map(({ health_check_id: check }) => check)).toEqual([undefined]);
    expect(failover.all("aws_cloudwatch_metric_alarm")).toEqual([]);
  });

  it("is one for the internet by default, with a health check", () => {
    expect(oneRegion().only("aws_lb")).toMatchObject({ internal: false });
    expect(failoverStack(ONE_REGION).all("aws_route53_health_check")).toHaveLength(1);
  });
});

describeInvalidConfigs([
  {
    title: "a load balancer that no client can reach",
    bad: { ...ONE_REGION, load_balancer: { allowed_cidrs: [] } },
    where: "regions[0].client_prefix_list_ids",
    says: /no client may reach the load balancer/,
    good: { ...withLists(LISTS), load_balancer: { allowed_cidrs: [] } },
  },
  {
    title: "the id of something else in the place of a prefix list",
    bad: withLists(["sg-0123456789abcdef0"]),
    where: "regions[0].client_prefix_list_ids",
    says: /is not the id of a prefix list/,
    good: withLists(LISTS),
  },
  {
    title: "a prefix list that is twice in the list",
    bad: withLists([...LISTS, ...LISTS.slice(0, 1)]),
    where: "regions[0].client_prefix_list_ids",
    says: /rejects a second rule with the same prefix list/,
    good: withLists(LISTS),
  },
  {
    title: "an internal load balancer in two regions",
    bad: { ...twoRegions("hot"), load_balancer: { internal: true }, canaries: { enabled: false } },
    where: "load_balancer.internal",
    says: /health checkers of Route 53 are on the internet/,
    good: INTERNAL,
  },
  {
    title: "an internal load balancer with a fallback host",
    bad: { ...INTERNAL, failover: { fallback_host: "sorry.bank.test" } },
    where: "load_balancer.internal",
    says: /fallback_host needs a health check/,
    good: INTERNAL,
  },
  {
    title: "an internal load balancer with canaries",
    bad: { ...INTERNAL, canaries: { enabled: true } },
    where: "load_balancer.internal",
    says: /canaries are on the internet/,
    good: INTERNAL,
  },
  {
    title: "tags without one that the organization requires",
    bad: { required_tags: { CostCenter: [] } },
    where: "tags.CostCenter",
    says: /is missing, and required_tags requires it.*a value/s,
    good: { required_tags: { CostCenter: [] }, tags: { CostCenter: "4711" } },
  },
  {
    title: "a tag with a value that the organization does not permit",
    bad: { required_tags: { CostCenter: ["4711", "4712"] }, tags: { CostCenter: "9" } },
    where: "tags.CostCenter",
    says: /not a value that required_tags permits.*one of "4711", "4712"/s,
    good: { required_tags: { CostCenter: ["4711", "4712"] }, tags: { CostCenter: "4712" } },
  },
  {
    title: "an environment with a value that the organization does not permit",
    bad: { required_tags: { Environment: ["acceptance", "production"] } },
    where: "environment",
    says: /one of "acceptance", "production"/,
    good: { required_tags: { Environment: ["acceptance", "production"] }, environment: "acceptance" },
  },
  {
    title: "a path of roles without a slash at the end",
    bad: { iam_role_path: "/payments" },
    where: "iam_role_path",
    says: /starts and ends with a slash/,
    good: { iam_role_path: "/payments/" },
  },
]);
