import { type Static, Type } from 'typebox';
import { RoleShape } from './roles.ts';
import { PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';

export const PersonName = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: PLAIN_TEXT,
  examples: ['Maria Keller'],
});

export const NewPassword = Type.String({
  maxLength: 512,
  description: 'At least 12 characters; any of them. Refused when it is among the first that would be tried.',
});

export const SignUpShape = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254, examples: ['maria@example.com'] }),
    password: NewPassword,
    name: PersonName,
  },
  STRICT,
);
export type SignUpRequest = Static<typeof SignUpShape>;

export const UserShape = Type.Object(
  {
    id: Uuid,
    email: Type.String(),
    emailConfirmed: Type.Boolean({
      description:
        'Whether a mail to the address was answered. Until then nothing else is sent there, no link to a new password either.',
    }),
    name: Type.String(),
    roles: Type.Array(RoleShape),
    registeredAt: Timestamp,
  },
  STRICT,
);
export type User = Static<typeof UserShape>;
