import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface CacheUsersProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
}

/** A Valkey cluster accepts users and groups of both engines, a Redis cluster only those of Redis: an upgrade changes none of them. */
const ENGINE = "redis";
/** Reads and writes all keys. Administrative and dangerous commands are denied. */
const SERVICE_ACCESS = "on ~* &* +@all -@admin -@dangerous";
const NO_ACCESS = "off ~* -@all";

/**
 * Users of the cache. The service authenticates with IAM, with a token that is valid for 15 minutes; there is no password.
 * A group requires a user `default`, which applies to unauthenticated clients: it has no permissions.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export class CacheUsers extends Construct {
  readonly groupId: string;
  readonly serviceUser: string;

  constructor(scope: Construct, id: string, { names }: CacheUsersProps) {
    super(scope, id);
    this.serviceUser = names.of("elasticache_user", "service");
    const service = new ElasticacheUser(this, "service", {
      userId: this.serviceUser,
      // IAM authentication requires both to be equal.
      userName: this.serviceUser,
      engine: ENGINE,
      accessString: SERVICE_ACCESS,
      authenticationMode: { type: "iam" },
    });
    const group = new ElasticacheUserGroup(this, "group", {
      userGroupId: names.of("elasticache_user_group"),
      engine: ENGINE,
      userIds: [this.defaultUser(names), service].map((user) => user.userId),
    });
    this.groupId = group.userGroupId;
  }

  private defaultUser(names: Names): ElasticacheUser {
    return new ElasticacheUser(this, "default", {
      userId: names.of("elasticache_user", "default"),
      userName: "default",
      engine: ENGINE,
      accessString: NO_ACCESS,
      // With an authentication mode, every plan shows a difference: hashicorp/terraform-provider-aws#33877
      noPasswordRequired: true,
    });
  }
}
