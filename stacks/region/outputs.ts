import { TerraformOutput } from "cdktf";
import type { Cache } from "../../modules/cache/cache";
import type { Aurora } from "../../modules/database/aurora";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { RegionContext } from "./context";

interface Published {
  readonly loadBalancer: LoadBalancer;
  readonly database: Aurora;
  readonly cache: Cache | undefined;
  readonly queueUrl?: string | undefined;
  readonly runbooks: readonly { readonly name: string; readonly description: string; readonly arn: string }[];
}

/** Where things are, for people and pipelines: `terraform output`. */
export function createOutputs({ stack, alerts }: RegionContext, { loadBalancer, database, cache, queueUrl, runbooks }: Published): void {
  const output = (id: string, description: string, value: string) => new TerraformOutput(stack, id, { staticId: true, description, value });
  output("load_balancer_dns_name", "Where this region's requests go: the target of its DNS record.", loadBalancer.aliasTarget.dnsName);
  output("database_writer_endpoint", "Host name that always leads to the writer.", database.writerEndpoint);
  output("database_reader_endpoint", "Host name that leads to the readers in turn.", database.readerEndpoint);
  output("database_secret_arn", "Secret with the database's user name and password.", database.secretArn);
  if (cache)
    output("cache_configuration_endpoint", "Host name that tells clients of the cache where each shard is.", cache.configurationEndpoint);
  for (const { name, description, arn } of runbooks) output(`${name}_runbook_arn`, description, arn);
  if (queueUrl !== undefined) output("alerts_queue_url", "Queue that every alert of this region goes to, too.", queueUrl);
  output("alerts_topic_arn", "Topic that every alert of this region goes to.", alerts.topicArn);
}
