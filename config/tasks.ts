/** Tasks that run at least and at most. */
export interface TaskRange {
  readonly min: number;
  readonly max: number;
}

/** A plain number is a range of one: exactly so many. */
export function taskRange(tasks: number | TaskRange): TaskRange {
  return typeof tasks === "number" ? { min: tasks, max: tasks } : tasks;
}

/** So many tasks that the wanted number is left in the other zones at the moment when one is lost. */
export function throughZoneLoss({ min, max }: TaskRange, zones: number): TaskRange {
  const enough = Math.ceil(min / (zones - 1)) * zones;
  return { min: enough, max: max === min ? enough : Math.max(max, enough) };
}
