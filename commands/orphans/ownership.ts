export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Whether a name ends with `-<ending>`. The suffix `4` also matches names of the environment `pr-4`: the tags distinguish them. */
export function hasSuffix(name: string | undefined, ending: string): boolean {
  return name?.endsWith(`-${ending}`) ?? false;
}

/** Whether a resource has the tag of another environment. A resource without the tag belongs to the environment in its name. */
export function isOfAnother(tags: readonly Tag[], suffix: string): boolean {
  return tags.some(({ Key, Value }) => Key === "EnvironmentSuffix" && Value !== suffix);
}
