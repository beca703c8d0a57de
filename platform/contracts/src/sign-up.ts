import { type Static, Type } from 'typebox';
import { NO_CONTROL_CHARACTERS, STRICT } from './shapes.ts';

/** What a person is called. */
export const PersonName = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: NO_CONTROL_CHARACTERS,
  examples: ['Maria Keller'],
});

/** What it takes to become a customer. */
export const SignUpShape = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254, examples: ['maria@example.com'] }),
    password: Type.String({
      maxLength: 512,
      description: 'At least 12 characters; any of them. Refused when it is among the first that would be tried.',
    }),
    name: PersonName,
  },
  STRICT,
);
export type SignUpRequest = Static<typeof SignUpShape>;
