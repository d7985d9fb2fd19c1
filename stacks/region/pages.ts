import type { RegionScope } from "../../config/naming";
import { RunbookDocuments } from "../../modules/runbook-pages/documents";
import { RunbookPages } from "../../modules/runbook-pages/runbook-pages";
import type { RegionContext } from "./context";

/** The runbook pages, to which the messages of the region link. */
export function createRunbookPages({ stack, config }: Pick<RegionContext, "stack" | "config">, scope: RegionScope): RunbookPages {
  const pages = new RunbookPages({
    ...scope,
    environmentSuffix: config.environmentSuffix,
    baseUrl: config.monitoring.runbookBaseUrl,
  });
  if (pages.areDocuments) new RunbookDocuments(stack, "runbook-pages", pages);
  return pages;
}
