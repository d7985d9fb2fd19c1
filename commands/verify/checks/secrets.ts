import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { masterSecretKeyAlias, masterSecretName, serviceSecretName } from "../../../modules/database/master-secret";
import { hasOwnSecret } from "../../../stacks/database-engine";
import { firstRegion } from "../../../config/config";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";

/** Of any scope. */
export const SECRETS: readonly Check<Live>[] = [
  {
    requirement: "Every secret is encrypted with a customer managed key and is not scheduled for deletion",
    requirementIds: ["S000-T8", "S000-T16", "S002-C9", "S004-T11", "S004-10.3"],
    appliesTo: (live) => live.resources("aws_secretsmanager_secret").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_secretsmanager_secret"), (secret) => {
        const name = live.text(secret, "name");
        return checkResource(name, async () => {
          const found = await live.aws(secret.region).secrets.send(new DescribeSecretCommand({ SecretId: name }));
          return [
            ...differences({ key: [found.KmsKeyId, await live.referencedKey(secret, secret.values["kms_key_id"])] }),
            ...(found.DeletedDate ? ["is scheduled for deletion"] : []),
          ];
        });
      }),
  },
];

export const SECRET_REPLICAS: readonly Check<Live>[] = [
  {
    requirement: "The database secret is replicated to every region, encrypted with that region's key",
    requirementIds: ["S000-6.1", "S000-6.2", "S000-T16"],
    appliesTo: ({ config }) => hasOwnSecret(config) && config.regions.length > 1,
    violations: (live) => {
      const home = firstRegion(live.config);
      const secrets = [masterSecretName, ...(live.config.database.serviceUser?.authentication === "password" ? [serviceSecretName] : [])];
      return checkEach(secrets, (nameOf) => checkReplicas(live, home, nameOf(live.names(home))));
    },
  },
];

/** The replicas of a secret in the other regions. */
function checkReplicas(live: Live, home: string, name: string): Promise<string[]> {
  return checkResource(name, async () => {
    const { ReplicationStatus = [] } = await live.aws(home).secrets.send(new DescribeSecretCommand({ SecretId: name }));
    return checkEach(live.config.regions.slice(1), async ({ name: region }) => {
      const replica = ReplicationStatus.find(({ Region }) => Region === region);
      if (!replica) return [`has no replica in ${region}`];
      const key = await live.aws(region).key(masterSecretKeyAlias(live.names(region)));
      return [
        ...(replica.Status === "Failed" ? [`is not replicated to ${region}: ${replica.StatusMessage}`] : []),
        ...differences({ [`key in ${region}`]: [replica.KmsKeyId, key] }),
      ];
    });
  });
}
