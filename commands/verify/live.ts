import type { Config } from "../../config/config";
import { Names } from "../../config/naming";
import type { Aws } from "./aws";
import type { Environment } from "./environment";
import type { Expected } from "./expected";

/** One part of an environment, and what its stacks say of it. */
export class Live {
  readonly config: Config;
  readonly preset: string;

  /** @param scope what results are listed under: a region, or `failover` */
  constructor(
    readonly environment: Environment,
    readonly scope: string,
    private readonly stacks: readonly string[],
  ) {
    this.config = environment.config;
    this.preset = environment.config.preset;
  }

  aws(region: string): Aws {
    return this.environment.aws(region);
  }

  names(region: string): Names {
    return new Names(this.config.environmentSuffix, region, this.config.accountId);
  }

  /** What the stacks declare of one type. */
  resources(type: string): Expected[] {
    return this.environment.expected.find(this.stacks, type);
  }

  /** An attribute as AWS will see it. @throws where only an apply knows it */
  text(resource: Expected, attribute: string): string {
    const text = this.environment.expected.text(resource, attribute);
    if (text === undefined) throw new Error(`${resource.type}.${resource.id} does not say its ${attribute}`);
    return text;
  }

  /** The name that a resource which is referred to has, e.g. that of a topic behind `${aws_sns_topic.x.arn}`. */
  referencedName(stack: string, reference: unknown, attribute: string): string {
    const resource = this.environment.expected.referenced(stack, reference);
    return resource ? this.text(resource, attribute) : String(reference);
  }

  /** ARN of the key that a resource is meant to be under: found by the alias that the stack gives it. */
  async referencedKey({ stack, region }: Expected, reference: unknown): Promise<string> {
    const { expected } = this.environment;
    const key = expected.referenced(stack, reference);
    const alias = this.resources("aws_kms_alias").find(({ values }) => expected.referenced(stack, values["target_key_id"]) === key);
    if (!key || !alias) throw new Error(`${String(reference)} leads to no key with an alias`);
    return this.aws(region).key(this.text(alias, "name"));
  }

  /** ARN of the topic that a resource refers to. */
  referencedTopic({ stack, region }: Expected, reference: unknown): string {
    return this.aws(region).arn("sns", this.referencedName(stack, reference, "name"));
  }

  /** An attribute of every resource of a type that says it, with the resource's region. */
  named(type: string, attribute: string): { readonly name: string; readonly region: string; readonly values: Expected["values"] }[] {
    return this.resources(type).flatMap((resource) => {
      const name = this.environment.expected.text(resource, attribute);
      return name === undefined ? [] : [{ name, region: resource.region, values: resource.values }];
    });
  }
}
