import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { EngineTraits } from "./engine";

/** The parameter groups of a cluster and of its instances. A new major version gets new groups before the old ones are deleted. */
export function parameterGroups(
  scope: Construct,
  names: Names,
  { family, major, parameters }: EngineTraits,
): { readonly cluster: RdsClusterParameterGroup; readonly instance: DbParameterGroup } {
  const lifecycle = { createBeforeDestroy: true };
  return {
    cluster: new RdsClusterParameterGroup(scope, "cluster-parameters", {
      name: names.of("rds_cluster_parameter_group", major),
      family,
      description: "TLS only, slow statements are logged",
      parameter: [...parameters],
      lifecycle,
    }),
    instance: new DbParameterGroup(scope, "instance-parameters", {
      name: names.of("db_parameter_group", major),
      family,
      description: "Instances use the parameters of the cluster",
      lifecycle,
    }),
  };
}
