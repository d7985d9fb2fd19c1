import { describe, expect, it } from "@jest/globals";
import { KINDS } from "../../../commands/orphans/kinds";
import { NAMED_RESOURCES, type NamedResource } from "../../../config/naming";

/** Terraform types of the kinds that are not named after one. */
const TYPES: Partial<Record<NamedResource, readonly string[]>> = {
  vpc_security_group_rule: ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"],
};

/** Kinds that no search by tag or suffix can find, and why none is needed. */
const WITHOUT_KIND: Partial<Record<NamedResource, string>> = {
  appautoscaling_policy: "cannot be tagged; belongs to a scalable target",
  appautoscaling_scheduled_action: "cannot be tagged; belongs to a scalable target",
  backup_selection: "has no ARN; part of its backup plan",
  cloudwatch_log_metric_filter: "has no ARN; part of its log group",
  iam_role_policy: "has no ARN; part of its role",
};

const typesOf = (kind: NamedResource): readonly string[] => TYPES[kind] ?? [`aws_${kind}`];
const known = new Set(KINDS.flatMap(({ types }) => types));

describe("every kind of resource that gets a name", () => {
  it.each(NAMED_RESOURCES.filter((kind) => WITHOUT_KIND[kind] === undefined))(
    "%s is found by orphans, with an import and a removal",
    (kind) => {
      expect(typesOf(kind).filter((type) => !known.has(type))).toEqual([]);
    },
  );

  it("or is one that orphans cannot find", () => {
    const kinds = Object.keys(WITHOUT_KIND) as NamedResource[];
    expect(kinds.filter((kind) => !NAMED_RESOURCES.includes(kind))).toEqual([]);
    expect(kinds.filter((kind) => typesOf(kind).some((type) => known.has(type)))).toEqual([]);
  });
});
