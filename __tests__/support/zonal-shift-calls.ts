import { AwsError, type Call } from "./state-machine";

/** Method and path of each operation of ARC zonal shift. @see https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_Operations.html */
const OPERATIONS: Readonly<Record<string, readonly [method: string, path: string]>> = {
  getManagedResource: ["GET", "/managedresources/{resourceIdentifier}"],
  startZonalShift: ["POST", "/zonalshifts"],
  updateZonalShift: ["PATCH", "/zonalshifts/{zonalShiftId}"],
  cancelZonalShift: ["DELETE", "/zonalshifts/{zonalShiftId}"],
};

/** Calls the emulator, which verifies no signature: the product does not use this SDK, so that it is not installed. */
export async function performZonalShift(region: string, operation: string, parameters: Call["parameters"]): Promise<unknown> {
  const [method, path] = OPERATIONS[operation] ?? [];
  if (!method || !path) throw new Error(`arczonalshift:${operation} has no path here`);
  const members = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [uncapitalized(name), String(value)]));
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const url = inPath.reduce((filled, name) => filled.replace(`{${name}}`, encodeURIComponent(members[name] ?? "")), path);
  const body = Object.fromEntries(Object.entries(members).filter(([name]) => !inPath.includes(name)));
  const answer = await fetch(`${process.env["AWS_ENDPOINT_URL"] ?? ""}${url}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/arc-zonal-shift/aws4_request, SignedHeaders=host, Signature=0`,
      "content-type": "application/json",
    },
    ...(method !== "GET" && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.ok) return capitalized(JSON.parse(text));
  throw new AwsError(`ArcZonalShift.${answer.headers.get("x-amzn-errortype") ?? answer.status}`, text);
}

const uncapitalized = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The same data with the names of Step Functions. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.charAt(0).toUpperCase() + name.slice(1), capitalized(inner)]),
  );
}
