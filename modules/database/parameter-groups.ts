import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { moveFromFormerId } from "../state/former-id";
import { DELETED_LAST } from "../state/lifecycle";
import type { EngineTraits } from "./engine";

/**
 * The parameter groups of a cluster and of its instances. A new major version has groups with other names and addresses: they
 * are created before the upgrade, the former ones are deleted after it, and an upgrade that fails can be reverted.
 */
export function parameterGroups(
  scope: Construct,
  names: Names,
  { family, major, parameters }: EngineTraits,
): { readonly cluster: RdsClusterParameterGroup; readonly instance: DbParameterGroup } {
  const cluster = new RdsClusterParameterGroup(scope, `cluster-parameters-${major}`, {
    name: names.of("rds_cluster_parameter_group", major),
    family,
    description: "TLS only, slow statements are logged",
    parameter: [...parameters],
    lifecycle: DELETED_LAST,
  });
  const instance = new DbParameterGroup(scope, `instance-parameters-${major}`, {
    name: names.of("db_parameter_group", major),
    family,
    description: "Instances use the parameters of the cluster",
    lifecycle: DELETED_LAST,
  });
  moveFromFormerId(cluster, "cluster-parameters");
  moveFromFormerId(instance, "instance-parameters");
  return { cluster, instance };
}
