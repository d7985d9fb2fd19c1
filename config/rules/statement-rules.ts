import { problemIf, type Rule } from "./rule";

const ESCALATION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html";
const RESOURCES =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";

/**
 * Actions that give other permissions: of identities and policies, and those that run code with another role. In lower case:
 * IAM does not distinguish upper and lower case of actions.
 */
const GIVING_PERMISSIONS: readonly RegExp[] = [
  /^(iam|organizations|account|sso|sso-directory|identitystore|rolesanywhere|controltower|cloudformation|codebuild|datapipeline|ram|servicecatalog):/,
  /^[a-z0-9-]+:(put|add|delete|remove|update|set|attach|detach).*(policy|policies|permission|permissions|acl)$/,
  /^lambda:(create|update|add|put|publish)/,
  /^ecs:(create|update|register|run|start|execute)/,
  /^ec2:(run|associateiam|replaceiam|createlaunchtemplate|modifyinstance)/,
  /^ssm:(sendcommand|startsession|startautomation|createdocument|updatedocument|createassociation|resumesession)/,
  /^states:(create|update)/,
  /^(glue|sagemaker|batch|emr|elasticmapreduce|apprunner|scheduler|pipes|eks|bedrock-agentcore):(create|update|run|start|submit|register)/,
  /^events:puttargets$/,
  /^(sqs:setqueueattributes|sns:settopicattributes)$/,
  /^kms:(?!decrypt$|encrypt$|describekey$|generatedatakey|generatemac$|generaterandom$|getpublickey$|reencrypt|sign$|verify)/,
  /^sts:(?!assumerole$|getcalleridentity$|tagsession$)/,
];

/** Further statements of the task roles. */
export const STATEMENT_RULES: readonly Rule[] = [
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, statements }) =>
        statements.flatMap(({ actions, resources, every_resource_because }, index) => {
          const where = `${key}.statements[${index}]`;
          const everything = resources.filter((resource) => namesEverything(resource));
          const assumes = actions.some((action) => action.toLowerCase().startsWith("sts:assumerole"));
          return [
            ...actions.filter(givesPermissions).map((given) => ({
              where: `${where}.actions`,
              given,
              why: "gives other permissions: it changes identities, policies or keys, or runs code with another role",
              instead: "actions that read and write the data of the program only",
              source: ESCALATION,
            })),
            ...actions
              .filter((action) => !givesPermissions(action) && isWildcard(action))
              .map((given) => ({
                where: `${where}.actions`,
                given,
                why: "contains actions that are not named, such as those that change policies, and those that AWS adds later",
                instead:
                  'the actions that the program calls, e.g. "sqs:SendMessage"; a wildcard may follow a verb that reads: "dynamodb:BatchGet*"',
                source: RESOURCES,
              })),
            ...problemIf(everything.length > 0 && (every_resource_because === undefined || assumes), {
              where: `${where}.resources`,
              given: everything[0],
              why: assumes ? "permits every role that trusts the account" : "permits every resource of the service in the account",
              instead: assumes
                ? "the ARN of one role"
                : 'the ARNs of the resources; or every_resource_because = "..." with the reason, for actions without resource types',
              source: RESOURCES,
            }),
            ...resources
              .filter((resource) => /\{(?!region\}|account\})/.test(resource))
              .map((given) => ({
                where: `${where}.resources`,
                given,
                why: "has a placeholder that is not known",
                instead: "{region} and {account}",
              })),
            ...problemIf(every_resource_because !== undefined && everything.length === 0, {
              where: `${where}.every_resource_because`,
              given: every_resource_because,
              why: "has no effect: no resource is a wildcard",
              instead: "remove it",
            }),
          ];
        }),
      ),
  },
];

function givesPermissions(action: string): boolean {
  const given = action.toLowerCase();
  const prefix = given.split("*")[0] ?? "";
  return given.includes("*")
    ? GIVING_PERMISSIONS.some((pattern) => pattern.test(given)) ||
        (/^(kms|sts):/.test(prefix) && !/^kms:(generatedatakey|reencrypt)/.test(prefix))
    : GIVING_PERMISSIONS.some((pattern) => pattern.test(given));
}

/** Whether an action has a wildcard that does more than read: `s3:Put*` contains `s3:PutBucketPolicy`. */
function isWildcard(action: string): boolean {
  return (
    action.includes("*") && !/:((BatchGet|Describe|Get|Head|List|Query|Scan)[A-Za-z]*|(GenerateDataKey|ReEncrypt)[A-Za-z]*)\*$/.test(action)
  );
}

/** Whether an ARN names nothing: `*`, `arn:aws:sqs:*:*:*`, `arn:aws:s3:::*`, `arn:aws:dynamodb:*:*:table/*`. */
function namesEverything(resource: string): boolean {
  if (resource === "*") return true;
  const [, , service = "", , account = "", ...rest] = resource.split(":");
  const name = rest.join(":");
  // A bucket has no account in its ARN, and is separated from its objects like the type of other resources from their name.
  return service.includes("*") || /^[*?/:]+$/.test(name) || (account !== "" && /^[a-z-]+[/:][*?/:]+$/.test(name));
}
