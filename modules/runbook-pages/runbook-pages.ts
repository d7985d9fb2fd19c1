import type { RegionScope } from "../../config/naming";
import { firstReadingCommand, pageFor, section, type Variables } from "./page";

export interface RunbookPagesProps extends RegionScope {
  /** Suffix of the environment: the value of `SUFFIX` in the commands of the pages. */
  readonly environmentSuffix: string;
  /** URL of a copy of `docs/runbooks`, without the closing slash. @default - the pages are documents of Systems Manager */
  readonly baseUrl?: string | undefined;
}

/**
 * Links from messages to the runbook pages, and the first command of a section. Without a base URL, the pages are documents of
 * Systems Manager in the region, which the console shows to everyone who may read them.
 */
export class RunbookPages {
  private readonly variables: Variables;

  constructor(private readonly props: RunbookPagesProps) {
    const { environmentSuffix, region, accountId } = props;
    // No text depends on the other regions: an update of a document to the text of an earlier version ends in DuplicateDocumentContent.
    this.variables = {
      SUFFIX: environmentSuffix,
      AWS_REGION: region,
      ACCOUNT: accountId,
      SERVICE: "service",
      TARGET: region,
      OTHER: "<the-other-region>",
    };
  }

  /** Whether the documents must exist for the links to work. */
  get areDocuments(): boolean {
    return this.props.baseUrl === undefined;
  }

  documentName(page: string): string {
    return this.props.names.of("ssm_document", page);
  }

  /** The absolute URL of a section, or of its page followed by its title. @param reference page and anchor: `database.md#replica-lag` */
  link(reference: string): string {
    const { page, title } = section(reference);
    const { baseUrl } = this.props;
    return baseUrl === undefined ? `${this.console(page)} (${title})` : `${baseUrl}/${reference}`;
  }

  /**
   * The first command of a section that only reads, with all values. Where a section has none, the alarms of the region.
   * @param variables values of further variables of the section
   */
  firstCommand(reference: string, variables: Variables = {}): string {
    const { region } = this.props;
    const known = { ...this.variables, ...variables };
    const command =
      firstReadingCommand(section(reference).text, known) ??
      "aws cloudwatch describe-alarms --state-value ALARM --query 'MetricAlarms[].[AlarmName,StateReason]' --output table";
    return command.includes(" --region ") ? command : `${command} --region ${region}`;
  }

  /** A page as text for the console: with the values of the region, and with links that work there. */
  text(page: string): string {
    return pageFor(page, this.variables, (text, target) => {
      if (target.startsWith("https:")) return `[${text}](${target})`;
      const [, other] = /^([a-z-]+)\.md(#|$)/.exec(target) ?? [];
      return other === undefined ? text : `[${text}](${this.console(other)})`;
    });
  }

  private console(page: string): string {
    const { region } = this.props;
    return `https://${region}.console.aws.amazon.com/systems-manager/documents/${this.documentName(page)}/description?region=${region}`;
  }
}
