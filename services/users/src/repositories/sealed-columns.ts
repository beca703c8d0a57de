import type { SealedColumn } from '@florin/data-keys';
import { OIDC_RECORD_SEALED } from './oidc-records.ts';
import { PASSKEY_SEALED } from './passkeys.ts';
import { PERSON_SEALED } from './people.ts';
import { SIGNING_KEY_SEALED } from './signing-keys.ts';
import { TOTP_SEALED } from './totp-factors.ts';
import { WEB_SESSION_SEALED } from './web-sessions.ts';

/** Every sealed column of this service. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...PERSON_SEALED,
  TOTP_SEALED,
  PASSKEY_SEALED,
  SIGNING_KEY_SEALED,
  OIDC_RECORD_SEALED,
  WEB_SESSION_SEALED,
];
