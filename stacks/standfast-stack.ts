import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { Aspects, TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import type { Config } from "../config/config";
import { Names } from "../config/naming";
import { retention } from "../config/retention";
import { WRITER_TAG } from "../config/writer-tag";
import { PreventDestroy } from "../modules/state/prevent-destroy";
import { rejectAnotherRolePath, setRoleSettings } from "./role-settings";
import { addStateBackend } from "./state-backend";
import { allTags } from "./tags";
import { Variables } from "./variables";

export interface StandfastStackProps {
  readonly config: Config;
  /** Keys and values of `terraform.tfvars`: the defaults of the variables. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Region of the provider. */
  readonly region: string;
  /** Region of the state. @default - the region of the provider */
  readonly stateRegion?: string;
}

/** Base of every stack: the provider with default tags, the state in the region of the stack, the variables and the names. */
export abstract class StandfastStack extends TerraformStack {
  readonly names: Names;
  readonly variables: Variables;
  private readonly providers = new Map<string, AwsProvider>();

  constructor(scope: Construct, id: string, { config, given, region, stateRegion = region }: StandfastStackProps) {
    super(scope, id);
    const { accountId, environmentSuffix, terraformVersion } = config;
    this.names = new Names(environmentSuffix, region, accountId);
    this.addOverride("terraform.required_version", `>= ${terraformVersion}`);
    this.providers.set(region, new AwsProvider(this, "aws", providerConfig(config, region)));
    addStateBackend(this, config, stateRegion);
    setRoleSettings(this, { boundaryArn: config.permissionsBoundaryArn, path: config.iamRolePath });
    this.variables = new Variables(this, "variables", config, given);
    if (retention(config).preventDestroy) Aspects.of(this).add(new PreventDestroy());
  }

  /** For a stack with roles: a plan that changes their path fails. */
  protected keepRolePath({ iamRolePath }: Config): void {
    rejectAnotherRolePath(this, iamRolePath);
  }

  /** Providers with which an apply deletes the resources of this stack in removed regions. */
  protected keepProvidersOfRemovedRegions(config: Config): void {
    for (const region of config.removedRegions) this.providerIn(config, region);
  }

  /** A provider for the few resources of this stack in another region. */
  protected providerIn(config: Config, region: string): AwsProvider {
    const existing = this.providers.get(region);
    if (existing) return existing;
    const provider = new AwsProvider(this, `aws-${region}`, { ...providerConfig(config, region), alias: region });
    this.providers.set(region, provider);
    return provider;
  }

  /**
   * cdktf resolves every token once before the synth, to find references between stacks. Stacks of this project refer to each other by
   * names, so the resolution would find nothing.
   */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /**
   * Addresses in plan and state are the constructs' path, `aws_subnet.network_public_us-east-1a`, without the hash that
   * cdktf adds, so that they are readable. Ids without underscores keep the path unambiguous.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const path = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    const ambiguous = path.find((id) => !/^[A-Za-z0-9-]+$/.test(id));
    if (ambiguous !== undefined)
      throw new Error(
        `construct id ${ambiguous} in ${path.join("/")}: use letters, digits and hyphens only, so that addresses stay unambiguous`,
      );
    return path.join("_");
  }
}

function providerConfig(config: Config, region: string): AwsProviderConfig {
  return {
    region,
    // With credentials of another account, the plan fails before it reads any resource.
    allowedAccountIds: [config.accountId],
    defaultTags: [{ tags: allTags(config) }],
    ...(config.regions.length > 1 && { ignoreTags: [{ keys: [WRITER_TAG] }] }),
  };
}
