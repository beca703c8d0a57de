/** The event that something follows from, and the piece of work both belong to. */
export interface Follows {
  readonly eventId: string;
  readonly correlationId: string;
}
