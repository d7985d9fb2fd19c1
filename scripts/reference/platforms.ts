import { App, TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { CONFIGURATIONS, EACH_PRESET } from "../../__tests__/support/configurations";
import { given, TODAY } from "../../__tests__/support/config";
import { resolve } from "../../config/resolve";
import type { TerraformJson } from "../../prove/graph/graph";
import { platform } from "../../stacks/platform";
import { stackKind } from "./placeholders";

/** Configurations that together, and with the presets, have every alarm, output and role. A test compares them with all configurations. */
const OPTIONS = [
  "everything",
  "aurora-mysql",
  "three-regions",
  "own-zone",
  "service-connect",
  "protected",
  "service-user",
  "service-user-iam",
  "needs",
  "existing-vpc",
];

export interface Resource {
  /** `aws_vpc.network_vpc` */
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of the classes around it, the outermost first. */
  readonly within: readonly string[];
}

export interface Stack {
  readonly name: string;
  /** `global`, `region` or `failover` */
  readonly kind: string;
  readonly json: TerraformJson;
  /** By name. */
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly resources: readonly Resource[];
}

export interface Platform {
  readonly configuration: string;
  readonly isPreset: boolean;
  readonly stacks: readonly Stack[];
}

/** The presets as they are, and the configurations with every option. */
export function platforms(): readonly Platform[] {
  return [...Object.keys(EACH_PRESET), ...OPTIONS].map((configuration) => ({
    configuration,
    isPreset: configuration in EACH_PRESET,
    stacks: synthesize(CONFIGURATIONS[configuration] ?? {}),
  }));
}

function synthesize(overrides: Readonly<Record<string, unknown>>): readonly Stack[] {
  const values = given(overrides);
  const app = new App({ stackTraces: false });
  return platform(app, { config: resolve("reference.tfvars", values, TODAY).config, given: values }).map((stack) => {
    const json = JSON.parse(JSON.stringify(stack.toTerraform())) as TerraformJson & { readonly output?: Stack["outputs"] };
    return { name: stack.node.id, kind: stackKind(stack.node.id), json, outputs: json.output ?? {}, resources: resourcesOf(stack, json) };
  });
}

function resourcesOf(stack: TerraformStack, json: TerraformJson): readonly Resource[] {
  return stack.node
    .findAll()
    .filter((construct) => TerraformResource.isTerraformResource(construct))
    .map((construct) => {
      const { terraformResourceType: type, friendlyUniqueId: id } = construct;
      const values = json.resource?.[type]?.[id];
      if (values === undefined) throw new Error(`there is no ${type}.${id} in the JSON of ${stack.node.id}`);
      return { address: `${type}.${id}`, type, values: values, within: classesAround(construct, stack) };
    });
}

/** In a bundle, a class whose name another package has is followed by a number. */
function classesAround(construct: IConstruct, stack: TerraformStack): readonly string[] {
  const scopes = construct.node.scopes;
  return scopes.slice(scopes.indexOf(stack) + 1, -1).map((scope) => scope.constructor.name.replace(/\d+$/, ""));
}
