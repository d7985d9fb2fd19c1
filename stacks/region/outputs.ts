import { Fn, TerraformOutput } from "cdktf";
import type { Cache } from "../../modules/cache/cache";
import type { Aurora } from "../../modules/database/aurora";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { RegionContext } from "./context";

interface Published {
  readonly loadBalancer: LoadBalancer;
  readonly database: Aurora;
  readonly cache: Cache | undefined;
  readonly queueUrl?: string | undefined;
  /** URLs of repositories for images, by name. */
  readonly repositories: Readonly<Record<string, string>>;
  readonly runbooks: readonly { readonly name: string; readonly description: string; readonly arn: string }[];
}

/** Outputs of a region, for operators and pipelines. */
export function createOutputs(
  { region, stack, config, alerts }: RegionContext,
  { loadBalancer, database, cache, queueUrl, repositories, runbooks }: Published,
): void {
  const output = (id: string, description: string, value: string) => new TerraformOutput(stack, id, { staticId: true, description, value });
  output(
    "load_balancer_dns_name",
    "DNS name of the load balancer: the target of the DNS record of this region.",
    loadBalancer.aliasTarget.dnsName,
  );
  // The writer endpoint of a global database is an output of the stack `global`.
  if (config.regions.length === 1)
    output("database_writer_endpoint", "Host name of the database writer, also after a failover.", database.writerEndpoint);
  output("database_reader_endpoint", "Host name that distributes connections across the database readers.", database.readerEndpoint);
  output("database_secret_arn", "ARN of the secret with the user name and the password of the database.", database.secretArn);
  if (cache)
    output(
      "cache_configuration_endpoint",
      "Configuration endpoint of the cache, from which clients discover the shards.",
      cache.configurationEndpoint,
    );
  if (Object.keys(repositories).length > 0)
    output("repository_urls", "URLs of the repositories to which images are pushed, by name.", Fn.tomap(repositories) as string);
  for (const { name, description, arn } of runbooks) output(`${name}_runbook_arn`, description, arn);
  const takeover = runbooks.find(({ name }) => name === "region_takeover");
  if (takeover)
    output(
      "region_takeover_command",
      "Command that makes this region the primary while the present primary region is lost.",
      `aws stepfunctions start-execution --region ${region.name} --state-machine-arn ${takeover.arn} --input '{"mode":"failover","allowDataLoss":true}'`,
    );
  if (queueUrl !== undefined) output("alerts_queue_url", "URL of the queue that receives every alert of this region.", queueUrl);
  output("alerts_topic_arn", "ARN of the topic that receives every alert of this region.", alerts.topicArn);
}
