/**
 * One kind of problem, by its code. Whoever answers it does so with this status and title (RFC 9457 section 3.1.3: the
 * title of a type does not change); only `detail` is about the one occurrence.
 */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** When it is answered and, where that helps, what to do. For the reference; never sent. */
  readonly meaning: string;
}

/** Keeps the codes of a table while checking its shape. */
export function problemKinds<const Kinds extends Readonly<Record<string, ProblemKind>>>(kinds: Kinds): Kinds {
  return kinds;
}
