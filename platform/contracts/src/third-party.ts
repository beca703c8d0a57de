/** What a customer can allow a program that is not the bank's; a route that is open to such programs names one of them. */
export const THIRD_PARTY_SCOPES = ['accounts:read', 'payments:write'] as const;
export type ThirdPartyScope = (typeof THIRD_PARTY_SCOPES)[number];
