/** Where an action came from, for the record of it: by which operation, in which sign-in, from about which address. */
export interface ActionOrigin {
  /** Of the contract: `freezeAccount`. */
  readonly operationId: string;
  /** The sign-in of whoever acts; nobody's when a service acts for itself. */
  readonly sessionId?: string;
  /** How they had proved who they are (OpenID Connect `acr`). */
  readonly acr?: string;
  /** The network they came from, never the whole address: `203.0.113.0/24`, `2001:db8:7::/48`. */
  readonly address?: string;
}
