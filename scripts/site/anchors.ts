/** The anchors of the headings of one page, as GitHub makes them. */
export class Anchors {
  private readonly times = new Map<string, number>();

  /** Lower case, without punctuation, hyphens for spaces. The second heading of a name ends in `-1`. @param heading its text */
  next(heading: string): string {
    const anchor = heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = this.times.get(anchor) ?? 0;
    this.times.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  }
}
