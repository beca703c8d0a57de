/** An invariant does not hold. `subject` is whose history explains it: a saga, a transaction, an account. */
export class Violation extends Error {
  readonly invariant: string;
  readonly subject: string;

  constructor(invariant: string, subject: string, detail: string) {
    super(detail);
    this.name = 'Violation';
    this.invariant = invariant;
    this.subject = subject;
  }
}

/** Stops the run when an invariant does not hold. `detail` is only made up when it is needed. */
export function must(holds: boolean, invariant: string, subject: string, detail: () => string): void {
  if (!holds) throw new Violation(invariant, subject, detail());
}
