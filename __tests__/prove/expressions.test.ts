import { describe, expect, it } from "@jest/globals";
import { Graph, type TerraformJson } from "../../prove/graph/graph";

const BASE: TerraformJson = {
  variable: {
    zones: { default: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    sizes: { default: { small: 1, large: 4 } },
    single: { default: true },
    name: {},
    nothing: { default: null },
  },
  locals: {
    cidr: "10.0.0.0/16",
    first: "${var.zones[0]}",
    circle: "${local.circle}",
    ids: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
    policy: '${jsonencode({ Statement = [{ Resource = aws_sns_topic.t.arn, Action = "sns:Publish" }] })}',
  },
  resource: {
    aws_vpc: { main: { cidr_block: "${local.cidr}" } },
    aws_subnet: { a: {}, b: {}, n: { count: 3, availability_zone: "${var.zones[count.index]}" }, k: { for_each: { a: "x", b: "y" } } },
    aws_sns_topic: { t: { name: "t" } },
    aws_none: { x: { count: 0 }, open: { count: "${var.name}" } },
  },
};

/** What an expression is, as the argument of a resource. */
const evaluated = (expression: string): unknown =>
  new Graph("main", { ...BASE, resource: { ...BASE.resource, aws_thing: { it: { value: `\${${expression}}` } } } }).all("aws_thing")[0]
    ?.values["value"];

describe("an expression", () => {
  it.each([
    ["var.zones[1]", "eu-west-1b"],
    ["var.sizes.large + 2 * 3", 10],
    ["-var.sizes.small", -1],
    ["(1 + 2) * 3 % 5 / 4", 1],
    ['var.single ? "one" : "many"', "one"],
    ["!var.single || 2 > 1 && 3 != 4", true],
    ["var.single && var.name == 1", "${var.single && var.name == 1}"],
    ["false && var.name", false],
    ["true || var.name", true],
    ['"${local.first}-${1 + 1}"', "eu-west-1a-2"],
    ["length(var.zones)", 3],
    ['length("abc")', 3],
    ["element(var.zones, 4)", "eu-west-1b"],
    ['lookup(var.sizes, "huge", 9)', 9],
    ["cidrsubnet(local.cidr, 8, 5)", "10.0.5.0/24"],
    ["cidrsubnet(aws_vpc.main.cidr_block, 4, 15)", "10.0.240.0/20"],
    ["cidrhost(local.cidr, -2)", "10.0.255.254"],
    ["cidrsubnets(local.cidr, 8, 8)[1]", "10.0.1.0/24"],
    ["slice(var.zones, 1, 3)", ["eu-west-1b", "eu-west-1c"]],
    ["slice(data.aws_availability_zones.all.names, 0, 2)[1]", "${data.aws_availability_zones.all.names[1]}"],
    ["merge(var.sizes, { huge = 16 }).huge", 16],
    ['join(",", sort(keys(var.sizes)))', "large,small"],
    ['format("%s-%02d%%", "a", 7)', "a-07%"],
    ['replace("a-b-c", "-", "_")', "a_b_c"],
    ['replace("a1b2", "/[0-9]/", "")', "ab"],
    ['split(",", "a,b")[1]', "b"],
    ["[for index, zone in var.zones : index if zone != local.first]", [1, 2]],
    ['{ for key, size in var.sizes : upper(key) => size }["LARGE"]', 4],
    ["{ for zone in var.zones : zone => 1... }", "${{ for zone in var.zones : zone => 1... }}"],
    ["flatten([[1, [2]], 3])", [1, 2, 3]],
    ["max(var.sizes.small, var.sizes.large)", 4],
    ["max([1, 5, 2]...)", 5],
    ["zipmap(var.zones, [1, 2, 3])[local.first]", 1],
    ["range(1, 7, 2)", [1, 3, 5]],
    ['contains(var.zones, "eu-west-1b")', true],
    ["coalesce(var.nothing, local.first)", "eu-west-1a"],
    ['can(aws_none.x[0].id) ? "yes" : "no"', "no"],
    ['try(aws_none.x[0].id, aws_subnet.a.id, "")', "${aws_subnet.a.id}"],
    ['try(aws_none.open[0].id, "")', '${try(aws_none.open[0].id, "")}'],
    ["aws_subnet.n[*].id", ["${aws_subnet.n[0].id}", "${aws_subnet.n[1].id}", "${aws_subnet.n[2].id}"]],
    ["aws_subnet.n.*.id[1]", "${aws_subnet.n[1].id}"],
    ["aws_subnet.a[*].id", ["${aws_subnet.a.id}"]],
    ["element(aws_subnet.n.*.id, 3)", "${aws_subnet.n[0].id}"],
    ['aws_subnet.k["a"].id', '${aws_subnet.k["a"].id}'],
    ["values(aws_subnet.k)[*].id", ['${aws_subnet.k["a"].id}', '${aws_subnet.k["b"].id}']],
    ["[for key, subnet in aws_subnet.k : subnet.id]", ['${aws_subnet.k["a"].id}', '${aws_subnet.k["b"].id}']],
    ["aws_subnet.n[2].availability_zone == var.zones[2]", true],
    ["one(aws_none.x[*].id)", undefined],
    ["length(aws_none.open)", "${length(aws_none.open)}"],
    ["concat(local.ids, [aws_subnet.n[0].id])", ["${aws_subnet.a.id}", "${aws_subnet.b.id}", "${aws_subnet.n[0].id}"]],
    ["var.nothing", undefined],
    ["local.circle", "${local.circle}"],
    ["var.name", "${var.name}"],
    ["timestamp()", "${timestamp()}"],
    ["not an expression", "${not an expression}"],
    ["1 +", "${1 +}"],
    ['"%{ if true }a%{ endif }"', '${"%{ if true }a%{ endif }"}'],
  ])("%s is %j", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });

  it("in a text is replaced, and an escaped one stays", () => {
    const graph = new Graph("main", BASE);
    expect(graph.text("zone ${var.zones[0]} of ${aws_vpc.main.cidr_block}, $${escaped}")).toBe(
      "zone eu-west-1a of 10.0.0.0/16, $${escaped}",
    );
  });

  it("that is a document is read with its references, also by a local value", () => {
    const graph = new Graph("main", BASE);
    expect(graph.document("${local.policy}")).toEqual({ Statement: [{ Resource: "${aws_sns_topic.t.arn}", Action: "sns:Publish" }] });
    expect(graph.document("${unknown(aws_sns_topic.t.arn)}")).toBeUndefined();
  });

  it("that nobody writes never crashes", () => {
    const pieces = [
      "var.zones",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      "*",
      ".",
      "?",
      ":",
      '"',
      "for",
      "in",
      "1",
      "length",
      ",",
      "=>",
      "==",
      "$",
      "\\",
      "!",
    ];
    let seed = 1;
    const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: 1 + next(8) }, () => pieces[next(pieces.length)]).join(next(2) === 0 ? "" : " ");
      expect(() => evaluated(text)).not.toThrow();
    }
  });
});

describe("count and for_each", () => {
  const graph = new Graph("main", {
    variable: { names: { default: ["b", "a"] }, size: {} },
    locals: { ports: { http: 80, https: 443 } },
    resource: {
      aws_subnet: {
        n: {
          count: "${length(var.names)}",
          cidr_block: '${cidrsubnet("10.0.0.0/16", 8, count.index)}',
          tags: { Name: "n-${count.index}" },
        },
      },
      aws_eip: { for_subnet: { count: "${length(aws_subnet.n)}" } },
      aws_sns_topic: { t: { for_each: "${toset(var.names)}", name: "topic-${each.key}" } },
      aws_instance: { open: { count: "${var.size}", ami: "${element(var.images, count.index)}" } },
      aws_security_group: {
        web: {
          dynamic: { ingress: { for_each: "${local.ports}", content: { from_port: "${ingress.value}", description: "${ingress.key}" } } },
        },
        other: {
          dynamic: [{ egress: [{ for_each: [1], iterator: "it", content: [{ from_port: "${it.value}" }] }] }],
          egress: { from_port: 9 },
        },
        open: { dynamic: { ingress: { for_each: "${var.size}", content: {} } } },
      },
      aws_thing: { it: { count: 2, policy: "${jsonencode({ id = aws_subnet.n[count.index].id })}", odd: "${odd(count.index, var.size)}" } },
    },
  });
  const addresses = (type: string): readonly string[] => graph.all(type).map(({ address }) => address);

  it("make instances, each with its own values", () => {
    expect(graph.all("aws_subnet").map(({ address, values }) => [address, values["cidr_block"], values["tags"]])).toEqual([
      ["aws_subnet.n[0]", "10.0.0.0/24", { Name: "n-0" }],
      ["aws_subnet.n[1]", "10.0.1.0/24", { Name: "n-1" }],
    ]);
    expect(addresses("aws_eip")).toEqual(["aws_eip.for_subnet[0]", "aws_eip.for_subnet[1]"]);
    expect(addresses("aws_sns_topic")).toEqual(['aws_sns_topic.t["a"]', 'aws_sns_topic.t["b"]']);
    expect(graph.text('${aws_sns_topic.t["a"].name}')).toBe("topic-a");
  });

  it("of an unknown number are one resource, to which every instance refers", () => {
    expect(addresses("aws_instance")).toEqual(["aws_instance.open"]);
    expect(graph.target("${aws_instance.open[3].id}")?.address).toBe("aws_instance.open");
    expect(graph.target("${aws_subnet.n[1].id}")?.address).toBe("aws_subnet.n[1]");
    expect(graph.target("${aws_subnet.n[2].id}")).toBeUndefined();
  });

  it("make blocks of dynamic ones, and leave those of an unknown number", () => {
    const [web, other, open] = graph.all("aws_security_group");
    expect(web?.values["ingress"]).toEqual([
      { from_port: 80, description: "http" },
      { from_port: 443, description: "https" },
    ]);
    expect(other?.values["egress"]).toEqual([{ from_port: 9 }, { from_port: 1 }]);
    expect(open?.values).toHaveProperty("dynamic");
  });

  it("are decided in documents and in expressions that stay", () => {
    const [, second] = graph.all("aws_thing");
    expect(graph.document(second?.values["policy"])).toEqual({ id: "${aws_subnet.n[1].id}" });
    expect(second?.values["odd"]).toBe("${odd(1, var.size)}");
  });
});
