import { idOfCidr, type SecurityGroup } from "../security/security-group";

/** Destinations outside the VPC. */
export interface Egress {
  /** CIDR blocks of destinations in the internet, or in other networks. */
  readonly cidrs: readonly string[];
  /** Whether DynamoDB is used. */
  readonly dynamodb: boolean;
}

/** How traffic leaves the VPC. */
export interface EgressRoutes {
  /** IDs of AWS's prefix lists: S3 and DynamoDB as destinations of security group rules. */
  readonly prefixLists: { readonly s3: string; readonly dynamodb: string };
  /** How traffic reaches S3 and DynamoDB, for the descriptions of the rules. */
  readonly toPrefixLists: string;
  /** How traffic reaches all other destinations. */
  readonly toCidrs: string;
}

/** Allows HTTPS from a security group to destinations outside the VPC. */
export function allowEgress(group: SecurityGroup, { cidrs, dynamodb }: Egress, routes: EgressRoutes): void {
  const { prefixLists, toPrefixLists, toCidrs } = routes;
  group.allowToOutside({ id: "s3" }, { prefixListId: prefixLists.s3 }, 443, `image layers and objects, ${toPrefixLists}`);
  if (dynamodb)
    group.allowToOutside(
      { id: "dynamodb" },
      { prefixListId: prefixLists.dynamodb },
      443,
      `sessions and idempotency keys, ${toPrefixLists}`,
    );
  cidrs.forEach((cidr, index) => {
    const ids = { id: `outbound-${idOfCidr(cidr)}`, formerId: `outbound-${index}` };
    group.allowToOutside(ids, { cidr }, 443, `AWS APIs, registries and partners, ${toCidrs}`);
  });
}
