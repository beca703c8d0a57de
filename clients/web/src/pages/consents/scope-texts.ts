/** The words for each scope; i18next reads a colon in a key as the end of its area. */
export const SCOPE_TEXTS = { 'accounts:read': 'mayRead', 'payments:write': 'mayPay' } as const;
