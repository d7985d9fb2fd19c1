import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface CacheUsersProps {
  readonly names: Names;
  /** Must be the cluster's. */
  readonly engine: "redis" | "valkey";
}

/** Reads and writes keys of any name, but nothing that changes, watches or empties the cluster. */
const SERVICE_ACCESS = "on ~* &* +@all -@admin -@dangerous";
const NO_ACCESS = "off ~* -@all";

/**
 * Who may sign in: the service, with a token that its IAM role makes and that lives 15 minutes. There is no password, so
 * none can leak. Redis wants a user `default`, whom every client is without signing in: it may do nothing. Valkey has none.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export class CacheUsers extends Construct {
  readonly groupId: string;
  readonly serviceUser: string;

  constructor(scope: Construct, id: string, { names, engine }: CacheUsersProps) {
    super(scope, id);
    this.serviceUser = names.of("elasticache_user", "service");
    const service = new ElasticacheUser(this, "service", {
      userId: this.serviceUser,
      // IAM authentication wants both to be the same.
      userName: this.serviceUser,
      engine,
      accessString: SERVICE_ACCESS,
      authenticationMode: { type: "iam" },
    });
    const users = engine === "redis" ? [this.everybody(names), service] : [service];
    const group = new ElasticacheUserGroup(this, "group", {
      userGroupId: names.of("elasticache_user_group"),
      engine,
      userIds: users.map((user) => user.userId),
    });
    this.groupId = group.userGroupId;
  }

  private everybody(names: Names): ElasticacheUser {
    return new ElasticacheUser(this, "default", {
      userId: names.of("elasticache_user", "default"),
      userName: "default",
      engine: "redis",
      accessString: NO_ACCESS,
      // As an authentication mode, the provider would find a difference at every plan: hashicorp/terraform-provider-aws#33877
      noPasswordRequired: true,
    });
  }
}
