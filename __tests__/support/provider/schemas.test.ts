import { describe, expect, it } from "@jest/globals";
import { onlyTypes, usedTypes } from "./schemas";

/** A field of protocol buffers with a text or other fields. */
const field = (number: number, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, (bytes.length & 0x7f) | 0x80, bytes.length >> 7]), bytes]);
};
const schema = (type: string): Buffer => Buffer.concat([field(1, type), field(2, "x".repeat(200))]);

describe("an answer to GetProviderSchema", () => {
  it("keeps the schemas of some types, and everything that is no schema of a type", () => {
    const provider = field(1, "region");
    const [lb, vpc] = [field(2, schema("aws_lb")), field(2, schema("aws_vpc"))];
    const [zone, partition] = [field(3, schema("aws_route53_zone")), field(3, schema("aws_partition"))];
    const ephemeral = field(8, schema("aws_secretsmanager_random_password"));
    const answer = Buffer.concat([provider, lb, vpc, zone, partition, ephemeral]);
    expect(onlyTypes(answer, new Set(["aws_vpc", "aws_route53_zone"]))).toEqual(Buffer.concat([provider, vpc, zone, ephemeral]));
  });

  it("is rejected if it is of another form", () => {
    expect(() => onlyTypes(Buffer.from([(2 << 3) | 0, 1]), new Set())).toThrow("a field of wire type 0");
  });

  it("needs the types of all resources and data sources that the source imports", () => {
    expect([...usedTypes()]).toEqual(expect.arrayContaining(["aws_lb", "aws_vpc", "aws_rds_cluster", "aws_route53_zone"]));
  });
});
