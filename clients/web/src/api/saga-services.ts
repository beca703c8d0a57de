/** The parts of the bank that have sagas, in the order they are shown. */
export const SAGA_SERVICES = ['transactions', 'accounts', 'users'] as const;
export type SagaService = (typeof SAGA_SERVICES)[number];

export const SAGA_STATUSES = ['needs_attention', 'running', 'compensating', 'completed', 'compensated'] as const;

/** The parts of the bank that may be unable to take an event. */
export const LETTER_SERVICES = ['accounts', 'users', 'notifications'] as const;
export type LetterService = (typeof LETTER_SERVICES)[number];
