import type { Config } from "../../config/config";
import { Names } from "../../config/naming";
import type { Aws } from "./aws";
import type { Environment } from "./environment";
import type { Expected } from "./expected";

/** Part of an environment: a region, or the global and the failover stack. */
export class Live {
  readonly config: Config;
  readonly preset: string;

  /** @param scope region of the results, or `failover` */
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

  /** Resources of one type that the stacks declare. */
  resources(type: string): Expected[] {
    return this.environment.expected.find(this.stacks, type);
  }

  /** An attribute as text. @throws when the value is known after apply only */
  text(resource: Expected, attribute: string): string {
    const text = this.environment.expected.text(resource, attribute);
    if (text === undefined) throw new Error(`${resource.type}.${resource.id} has no ${attribute} before the apply`);
    return text;
  }

  /** The name of a referenced resource, e.g. of the topic in `${aws_sns_topic.x.arn}`. */
  referencedName(stack: string, reference: unknown, attribute: string): string {
    const resource = this.environment.expected.referenced(stack, reference);
    return resource ? this.text(resource, attribute) : String(reference);
  }

  /** ARN of a referenced key, found by the alias that the stack declares for it. */
  async referencedKey({ stack, region }: Expected, reference: unknown): Promise<string> {
    const { expected } = this.environment;
    const key = expected.referenced(stack, reference);
    const alias = this.resources("aws_kms_alias").find(({ values }) => expected.referenced(stack, values["target_key_id"]) === key);
    if (!key || !alias) throw new Error(`${String(reference)} is not a key with an alias`);
    return this.aws(region).key(this.text(alias, "name"));
  }

  /** ARN of a referenced topic. */
  referencedTopic({ stack, region }: Expected, reference: unknown): string {
    return this.aws(region).arn("sns", this.referencedName(stack, reference, "name"));
  }

  /** An attribute of every resource of a type whose value is known before the apply, with its region. */
  named(type: string, attribute: string): { readonly name: string; readonly region: string; readonly values: Expected["values"] }[] {
    return this.resources(type).flatMap((resource) => {
      const name = this.environment.expected.text(resource, attribute);
      return name === undefined ? [] : [{ name, region: resource.region, values: resource.values }];
    });
  }
}
