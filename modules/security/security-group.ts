import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface SecurityGroupProps {
  readonly names: Names;
  readonly vpcId: string;
  /** What stands behind it: `service`. Changing it replaces the group. */
  readonly role: string;
  /** The one TCP port that it answers on. @default - it answers to nobody */
  readonly port?: number;
  /** Whether AWS takes its time to remove the last interface from it, as it does for functions: a destroy then waits for an hour. */
  readonly asyncDeletion?: boolean;
}

/** Addresses outside the VPC. */
export type Outside = { readonly cidr: string } | { readonly prefixListId: string };

/**
 * A security group whose rules are sentences: `database.allowFrom(service, "payments read and write the ledger")`.
 * Each sentence opens both ends, so egress is as narrow as ingress. Inside the VPC, peers are groups and never ranges.
 */
export class SecurityGroup extends Construct {
  readonly id: string;
  readonly role: string;
  private readonly names: Names;
  private readonly port: number | undefined;
  private readonly group: AwsSecurityGroup;

  constructor(scope: Construct, id: string, { names, vpcId, role, port, asyncDeletion }: SecurityGroupProps) {
    super(scope, id);
    this.names = names;
    this.role = role;
    this.port = port;
    const name = names.of("security_group", role);
    this.group = new AwsSecurityGroup(this, "group", {
      name,
      vpcId,
      description: `Standfast ${role}`,
      tags: { Name: name },
      ...(asyncDeletion && { timeouts: { delete: "60m" } }),
    });
    this.id = this.group.id;
  }

  /**
   * Is destroyed before these: Lambda takes its interfaces out of the group as the function's role.
   * @see https://repost.aws/knowledge-center/lambda-eni-find-delete
   */
  emptiedBy(permissions: readonly TerraformResource[]): void {
    this.group.dependsOn = permissions.map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`);
  }

  /** Opens this group's port to the members of another, and their way to it. */
  allowFrom(client: SecurityGroup, why: string): void {
    const port = this.ownPort();
    new VpcSecurityGroupIngressRule(this, `from-${client.role}`, {
      securityGroupId: this.id,
      referencedSecurityGroupId: client.id,
      ...tcp(port),
      description: why,
      tags: this.nameTag(`from-${client.role}`),
    });
    new VpcSecurityGroupEgressRule(client, `to-${this.role}`, {
      securityGroupId: client.id,
      referencedSecurityGroupId: this.id,
      ...tcp(port),
      description: why,
      tags: client.nameTag(`to-${this.role}`),
    });
  }

  /** Opens a port to addresses outside the VPC. @param port @default - the group's own */
  allowFromOutside(id: string, from: Outside, why: string, port = this.ownPort()): void {
    new VpcSecurityGroupIngressRule(this, `from-${id}`, {
      securityGroupId: this.id,
      ...address(from),
      ...tcp(port),
      description: why,
      tags: this.nameTag(`from-${id}`),
    });
  }

  /** Lets the members reach addresses outside the VPC on one port. */
  allowToOutside(id: string, to: Outside, port: number, why: string): void {
    new VpcSecurityGroupEgressRule(this, `to-${id}`, {
      securityGroupId: this.id,
      ...address(to),
      ...tcp(port),
      description: why,
      tags: this.nameTag(`to-${id}`),
    });
  }

  private ownPort(): number {
    if (this.port === undefined) throw new Error(`security group ${this.role} answers on no port`);
    return this.port;
  }

  private nameTag(rule: string): { Name: string } {
    return { Name: this.names.of("vpc_security_group_rule", `${this.role}-${rule}`) };
  }
}

function tcp(port: number): { ipProtocol: string; fromPort: number; toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function address(outside: Outside): { cidrIpv4: string } | { prefixListId: string } {
  return "cidr" in outside ? { cidrIpv4: outside.cidr } : { prefixListId: outside.prefixListId };
}
