import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import type { Status } from "../../prove/claims/claim";
import { oldestTls, requiresTls } from "../../prove/encryption/tls";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { statementsOf } from "../../prove/iam/policy";
import { isEveryone, strangers } from "../../prove/iam/principals";
import { hasWord } from "../../prove/lifecycle/names";
import { portNames, shared, without } from "../../prove/network/port-sets";

const PROVIDER = { aws: [{ region: "eu-west-1", allowed_account_ids: ["123456789012"] }] };
const policy = (...statements: readonly object[]): string => JSON.stringify({ Statement: statements });
const trust = (service: string, condition?: object): string =>
  policy({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", ...(condition && { Condition: condition }) });

function statusOf(claim: string, resource: NonNullable<TerraformJson["resource"]>): Status | undefined {
  const graph = new Graph("here", { provider: PROVIDER, resource });
  return prove(
    [graph],
    CLAIMS.filter(({ id }) => id === claim),
  )[0]?.status;
}

describe("a security policy of a listener", () => {
  it.each([
    ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", 1.2],
    ["ELBSecurityPolicy-TLS13-1-3-2021-06", 1.3],
    ["ELBSecurityPolicy-TLS13-1-0-2021-06", 1.0],
    ["ELBSecurityPolicy-FS-1-2-Res-2020-10", 1.2],
    ["ELBSecurityPolicy-TLS-1-1-2017-01", 1.1],
    ["ELBSecurityPolicy-FS-2018-06", 1.0],
    ["ELBSecurityPolicy-2016-08", 1.0],
    ["Another", undefined],
  ])("%s accepts TLS %s", (name, version) => {
    expect(oldestTls(name)).toBe(version);
  });
});

describe("a database", () => {
  it.each([
    ["aurora-postgresql16", [], false],
    ["aurora-postgresql17", [], true],
    ["aurora-postgresql17", [{ name: "rds.force_ssl", value: "0" }], false],
    ["postgres15", [], true],
    ["aurora-mysql8.0", [], false],
    ["aurora-mysql8.0", [{ name: "require_secure_transport", value: "ON" }], true],
  ])("of the family %s with %j requires TLS: %s", (family, parameters, requires) => {
    expect(requiresTls(family, parameters)).toBe(requires);
  });
});

describe("ports", () => {
  it("are cut and left over exactly", () => {
    expect(shared([[0, 100]], [[50, 60], [90, 200]])).toEqual([[50, 60], [90, 100]]); // prettier-ignore
    expect(without([[0, 100]], [[50, 60], [90, 200]])).toEqual([[0, 49], [61, 89]]); // prettier-ignore
    expect(without([[443, 443]], [[443, 443]])).toEqual([]);
    expect(portNames([[443, 443], [1024, 65535]])).toBe("443, 1024 to 65535"); // prettier-ignore
  });
});

describe("a statement", () => {
  const one = (statement: object): ReturnType<typeof statementsOf>[number] => {
    const [first] = statementsOf({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }] }, String);
    if (!first) throw new Error("no statement");
    return first;
  };

  it.each([
    [{ Principal: "*" }, true],
    [{ Principal: { AWS: ["*"] } }, true],
    [{ NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" } }, true],
    [{ Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }, true],
    [{ Principal: "*", Condition: { StringNotEquals: { "aws:SourceAccount": "123456789012" } } }, true],
    [{ Principal: "*", Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:topic" } } }, true],
    [{ Principal: "*", Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } } }, false],
    [{ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }, false],
    [{ Principal: { Service: "sns.amazonaws.com" } }, false],
    [{ Principal: "*", Effect: "Deny" }, false],
  ])("%j is for everyone: %s", (statement, open) => {
    expect(isEveryone(one(statement))).toBe(open);
  });

  it("names accounts that are not among the known ones", () => {
    const statement = one({ Principal: { AWS: ["123456789012", "arn:aws:iam::210987654321:root", "arn:aws:iam::333333333333:role/a"] } });
    expect(strangers(statement, ["123456789012", "333333333333"])).toEqual(["arn:aws:iam::210987654321:root"]);
    expect(strangers(statement, [undefined])).toEqual([]);
  });
});

describe("a name", () => {
  it.each([
    ["topic-alerts-pr-1", true],
    ["/standfast/pr-1/service", true],
    ["restore_testing_pr_1", true],
    ["topic-alerts-pr-10", false],
    ["topic-xpr-1", false],
  ])("%s contains the suffix pr-1 as a word: %s", (name, contains) => {
    expect(hasWord(name, "pr-1")).toBe(contains);
  });
});

describe("a role of another project", () => {
  const bySource = { StringEquals: { "aws:SourceAccount": "123456789012" } };
  const role = (more: object = {}): NonNullable<TerraformJson["resource"]> => ({
    aws_iam_role: { a: { name: "a", assume_role_policy: trust("states.amazonaws.com", bySource), ...more } },
    aws_sfn_state_machine: { m: { name: "m", role_arn: "${aws_iam_role.a.arn}", definition: "{}" } },
  });

  it("is assumed by the service that uses it", () => {
    expect(statusOf("P6", role())).toBe("proven");
    expect(statusOf("P6", role({ assume_role_policy: trust("ec2.amazonaws.com", bySource) }))).toBe("refuted");
    expect(statusOf("P6", role({ assume_role_policy: trust("states.amazonaws.com") }))).toBe("refuted");
    expect(statusOf("P6", role({ assume_role_policy: "${file(\"trust.json\")}" }))).toBe("unknown"); // prettier-ignore
  });

  it("is undecided with a policy that nobody can read here", () => {
    const attached = (arn: string): NonNullable<TerraformJson["resource"]> => ({
      ...role(),
      aws_iam_role_policy_attachment: { p: { role: "a", policy_arn: arn } },
    });
    expect(statusOf("P8", attached("arn:aws:iam::aws:policy/ReadOnlyAccess"))).toBe("unknown");
    expect(statusOf("P8", attached("arn:aws:iam::aws:policy/AdministratorAccess"))).toBe("refuted");
    expect(statusOf("P7", attached("arn:aws:iam::aws:policy/IAMFullAccess"))).toBe("refuted");
  });

  it("may pass a role that may do no more than itself, and no wider one", () => {
    const passing = (allowed: string): NonNullable<TerraformJson["resource"]> => ({
      aws_iam_role: {
        a: { name: "a", assume_role_policy: trust("states.amazonaws.com", bySource) },
        b: { name: "b", assume_role_policy: trust("ecs-tasks.amazonaws.com", bySource) },
      },
      aws_iam_role_policy: {
        a: {
          role: "${aws_iam_role.a.id}",
          policy: policy(
            { Effect: "Allow", Action: ["iam:PassRole"], Resource: "${aws_iam_role.b.arn}" },
            { Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::bucket/*" },
          ),
        },
        b: { role: "b", policy: policy({ Effect: "Allow", Action: allowed, Resource: "arn:aws:s3:::bucket/*" }) },
      },
    });
    expect(statusOf("P7", passing("s3:GetObject"))).toBe("proven");
    expect(statusOf("P7", passing("s3:PutObject"))).toBe("refuted");
  });

  it("is held by its permissions boundary", () => {
    const machine = {
      ...role({ permissions_boundary: "${aws_iam_policy.boundary.arn}" }),
      aws_iam_policy: { boundary: { name: "boundary", policy: policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }) } },
      aws_iam_role_policy: { p: { role: "a", policy: policy({ Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" }) } },
      aws_sfn_state_machine: {
        m: { name: "m", role_arn: "${aws_iam_role.a.arn}", definition: "{}", tracing_configuration: { enabled: true } },
      },
    };
    expect(statusOf("P4", machine)).toBe("refuted");
    expect(statusOf("P4", { ...machine, ...role(), aws_sfn_state_machine: machine.aws_sfn_state_machine })).toBe("proven");
  });
});

describe("a store of another project", () => {
  const key = { aws_kms_key: { k: { enable_key_rotation: true } } };

  it("needs a key of the platform, and not one of AWS", () => {
    expect(statusOf("E1", { ...key, aws_sqs_queue: { q: { name: "q", kms_master_key_id: "${aws_kms_key.k.id}" } } })).toBe("proven");
    expect(statusOf("E1", { ...key, aws_sqs_queue: { q: { name: "q", sqs_managed_sse_enabled: true } } })).toBe("refuted");
    expect(statusOf("E1", { aws_kinesis_video_stream: { v: { kms_key_id: "${aws_kms_key.gone.arn}" } } })).toBe("refuted");
    expect(statusOf("E1", { aws_efs_file_system: { e: { encrypted: true, kms_key_id: "arn:aws:kms:eu-west-1:1:key/1" } } })).toBe(
      "unknown",
    );
  });
});
