import { text } from "./builders";

/**
 * A path that a health check or a canary requests.
 * @param does what the path does, for the report on other values
 */
export const requestPath = (does: string, example: string) =>
  text(/^\/[!-"$->@-~]{0,254}$/, `the path of up to 255 characters of ASCII, without ? and #, that ${does}`, example);
