/** Who asks for a change that is remembered with their name. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
}
