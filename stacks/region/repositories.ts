import { Repositories } from "../../modules/images/repositories";
import type { RegionContext } from "./context";

/** The repositories of the region, if any are configured: their URLs by name. */
export function createRepositories({ stack, config, scope, keys, retention }: RegionContext): Readonly<Record<string, string>> {
  const { repositories } = config.images;
  if (repositories.length === 0) return {};
  return new Repositories(stack, "repositories", {
    names: scope.names,
    repositories,
    keyArn: keys.arn("images"),
    forceDestroy: retention.forceDestroy,
  }).urls;
}
