import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { addressOf } from "../state/address";
import { moveFromFormerId } from "../state/former-id";
import { DELETED_LAST } from "../state/lifecycle";

export interface SecurityGroupProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the VPC. Changing it replaces the group. */
  readonly vpcId: string;
  /** Component of the members, as part of the name: `service`. Changing it replaces the group. */
  readonly role: string;
  /** TCP port on which the members accept connections. @default - they accept none */
  readonly port?: number;
  /** Whether AWS removes network interfaces asynchronously, as for Lambda functions. A destroy then waits up to an hour. */
  readonly asyncDeletion?: boolean;
}

/** Part of a rule's address and name, and the one that it had before. */
interface RuleId {
  readonly id: string;
  readonly formerId?: string;
}

/** A destination or source outside the VPC. */
export type Outside = { readonly cidr: string } | { readonly prefixListId: string };

/**
 * A security group with rules of the form `database.allowFrom(service, "payments read and write the ledger")`. Each call
 * creates the ingress and the egress rule, so egress is as restricted as ingress. Inside the VPC, rules refer to security
 * groups and never to CIDR blocks.
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
   * Destroys the group before the permissions of a function: Lambda removes its network interfaces with the role of the function.
   * @see https://repost.aws/knowledge-center/lambda-eni-find-delete
   */
  destroyBefore(permissions: readonly TerraformResource[]): void {
    this.group.dependsOn = permissions.map(addressOf);
  }

  /**
   * Allows traffic from the members of another group to the port of this group, in both groups. Another port gets other rules:
   * a service that depends on them is updated before Terraform deletes the former rules, which its former tasks need until then.
   */
  allowFrom(client: SecurityGroup, description: string): readonly TerraformResource[] {
    const port = this.ownPort();
    const ingress = new VpcSecurityGroupIngressRule(this, `from-${client.role}-${port}`, {
      securityGroupId: this.id,
      referencedSecurityGroupId: client.id,
      ...tcp(port),
      description,
      tags: this.nameTag(`from-${client.role}`),
      lifecycle: DELETED_LAST,
    });
    moveFromFormerId(ingress, `from-${client.role}`);
    const egress = new VpcSecurityGroupEgressRule(client, `to-${this.role}-${port}`, {
      securityGroupId: client.id,
      referencedSecurityGroupId: this.id,
      ...tcp(port),
      description,
      tags: client.nameTag(`to-${this.role}`),
      lifecycle: DELETED_LAST,
    });
    moveFromFormerId(egress, `to-${this.role}`);
    return [ingress, egress];
  }

  /** Allows traffic from outside the VPC. @param port @default - the port of the group */
  allowFromOutside({ id, formerId }: RuleId, from: Outside, description: string, port = this.ownPort()): void {
    const rule = new VpcSecurityGroupIngressRule(this, `from-${id}`, {
      securityGroupId: this.id,
      ...address(from),
      ...tcp(port),
      description,
      tags: this.nameTag(`from-${id}`),
    });
    if (formerId) moveFromFormerId(rule, `from-${formerId}`);
  }

  /** Allows traffic from the members to one port outside the VPC. */
  allowToOutside({ id, formerId }: RuleId, to: Outside, port: number, description: string): TerraformResource {
    const rule = new VpcSecurityGroupEgressRule(this, `to-${id}`, {
      securityGroupId: this.id,
      ...address(to),
      ...tcp(port),
      description,
      tags: this.nameTag(`to-${id}`),
    });
    if (formerId) moveFromFormerId(rule, `to-${formerId}`);
    return rule;
  }

  private ownPort(): number {
    if (this.port === undefined) throw new Error(`security group ${this.role} has no port`);
    return this.port;
  }

  private nameTag(rule: string): { Name: string } {
    return { Name: this.names.of("vpc_security_group_rule", `${this.role}-${rule}`) };
  }
}

/** A range as part of an id: `203-0-113-0-24`. A rule is identified by its range, so that other ranges can be added and removed. */
export function idOfCidr(cidr: string): string {
  return cidr.replaceAll(/[./]/g, "-");
}

function tcp(port: number): { ipProtocol: string; fromPort: number; toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function address(outside: Outside): { cidrIpv4: string } | { prefixListId: string } {
  return "cidr" in outside ? { cidrIpv4: outside.cidr } : { prefixListId: outside.prefixListId };
}
