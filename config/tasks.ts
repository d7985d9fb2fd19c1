/** Tasks that run at least and at most. */
export interface TaskRange {
  readonly min: number;
  readonly max: number;
}

/** A plain number is a range of one: exactly so many. */
export function taskRange(tasks: number | TaskRange): TaskRange {
  return typeof tasks === "number" ? { min: tasks, max: tasks } : tasks;
}
