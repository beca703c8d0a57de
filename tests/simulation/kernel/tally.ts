/** What happened how often; says whether a simulation gets around. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  addAll(other: Tally): void {
    for (const [what, times] of other.counts) this.add(what, times);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }
}
