import { describe, expect, it } from "@jest/globals";
import { CLOSED_EGRESS, twoRegions } from "../support/config";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const LEDGER = { services: { ledger: {} }, service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };
const OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/payments:1.0.0";
const FOREIGN = "999999999999.dkr.ecr.us-east-1.amazonaws.com/payments:1.0.0";
const ELSEWHERE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/payments:1.0.0";
const PUBLIC = "public.ecr.aws/docker/library/caddy:2.10.2-alpine";

describe("with several regions, an image in the private registry of the account", () => {
  const imageOf = (stack: Synthesized, service: string): string | undefined =>
    /"image" = (.+?), "command"/.exec(
      String(stack.resource(`aws_ecs_task_definition.${service}_task_definition`)["container_definitions"]),
    )?.[1];
  const inRegion = (index: number): Synthesized => regionStack({ ...twoRegions("hot"), ...LEDGER }, index);
  const own = '"/^(123456789012[.]dkr[.]ecr)[.][a-z0-9-]+[.]/"';

  it("is pulled from the registry of the task's own region", () => {
    expect(imageOf(inRegion(0), "service")).toBe(`replace(var.container_image, ${own}, "$1.us-east-1.")`);
    expect(imageOf(inRegion(1), "service")).toBe(`replace(var.container_image, ${own}, "$1.us-west-2.")`);
    expect(imageOf(inRegion(1), "service-ledger")).toBe(`replace(var.service_images.ledger, ${own}, "$1.us-west-2.")`);
  });

  it("is taken as it is with a single region", () => {
    expect(imageOf(oneRegion(LEDGER), "service")).toBe("var.container_image");
  });
});

describe("at plan time", () => {
  const validationsOf = (stack: Synthesized, variable: string): readonly { condition: string; error_message: string }[] =>
    (stack.json["variable"] as Record<string, { validation: { condition: string; error_message: string }[] }>)[variable]?.validation ?? [];
  /** The messages of the validations that reject an image, with the patterns as Terraform has them. */
  const rejections = (stack: Synthesized, variable: string, image: string): string[] => {
    return validationsOf(stack, variable)
      .filter(({ condition }) => condition.includes("dkr[.]ecr"))
      .filter(({ condition }) => {
        const [pattern, own] = [...condition.matchAll(/can\(regex\("([^"]+)", image\)\)/g)].map(([, source]) => new RegExp(source ?? ""));
        const privately = pattern?.test(image) ?? false;
        return own ? privately && !own.test(image) : !privately;
      })
      .map(({ error_message }) => error_message);
  };
  const other = "names the private registry of another account or region";
  const closed = "must name a private registry of ECR. Without internet egress";

  it.each([
    ["container_image", "[var.container_image]"],
    ["service_images", "values(var.service_images)"],
  ])("%s accepts the private registry of the account and other registries only", (variable, images) => {
    const stack = oneRegion(LEDGER);
    expect(rejections(stack, variable, OWN)).toEqual([]);
    expect(rejections(stack, variable, PUBLIC)).toEqual([]);
    expect(rejections(stack, variable, FOREIGN)).toEqual([expect.stringContaining(`${variable} ${other}`)]);
    expect(rejections(stack, variable, ELSEWHERE)).toEqual([expect.stringContaining(`${variable} ${other}`)]);
    expect(validationsOf(stack, variable).at(-1)?.condition).toContain(`alltrue([for image in ${images} :`);
    expect(validationsOf(stack, variable).map(({ condition }) => condition)).toContain(
      `\${alltrue([for image in ${images} : length(image) <= 255])}`,
    );
  });

  it.each(["container_image", "service_images"])("%s accepts the private registry only, if tasks have no internet egress", (variable) => {
    const stack = oneRegion({ ...CLOSED_EGRESS, ...LEDGER, service_images: { ledger: OWN } });
    expect(rejections(stack, variable, OWN)).toEqual([]);
    expect(rejections(stack, variable, PUBLIC)).toEqual([expect.stringContaining(`${variable} ${closed}`)]);
  });
});
