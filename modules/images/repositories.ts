import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface RepositoriesProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Names of the repositories, as parts of the names that they have in ECR. Removing one deletes its images. */
  readonly repositories: readonly string[];
  /** Encrypts the images. A change replaces the repositories. */
  readonly keyArn: string;
  /** Whether the deletion of a repository deletes its images. */
  readonly forceDestroy: boolean;
}

/** Days after which images without a tag are deleted. */
const UNTAGGED_DAYS = 14;

/**
 * Repositories for the images of the services, in one region.
 *
 * Replication between regions is a setting of the whole registry, which other environments share: it is not here.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export class Repositories extends Construct {
  /** Their URLs, by name: images are pushed to them (known after apply). */
  readonly urls: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { names, repositories, keyArn, forceDestroy }: RepositoriesProps) {
    super(scope, id);
    this.urls = Object.fromEntries(
      repositories.map((name) => {
        const within = new Construct(this, name);
        const repository = new EcrRepository(within, "repository", {
          name: names.of("ecr_repository", name),
          // A release that is deployed twice, or rolled back to, is the same program.
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: keyArn }],
          forceDelete: forceDestroy,
        });
        new EcrLifecyclePolicy(within, "lifecycle", {
          repository: repository.name,
          policy: JSON.stringify({
            rules: [
              {
                rulePriority: 1,
                description: `Images without a tag are deleted after ${UNTAGGED_DAYS} days`,
                selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: UNTAGGED_DAYS },
                action: { type: "expire" },
              },
            ],
          }),
        });
        return [name, repository.repositoryUrl];
      }),
    );
  }
}
