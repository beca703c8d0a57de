import { EXCLUSIVE_ROLES } from '@florin/contracts';
import { expect, it } from 'vitest';
import { createOpenIdLogin } from './openid-login.ts';

it.each(['http://id.bank.example', 'http://127.0.0.1.bank.example', 'ftp://127.0.0.1'])(
  'sends no code and no secret to %s, where others could read along',
  (issuer) => {
    const settings = {
      issuer,
      clientId: 'florin',
      clientSecret: 'a secret',
      redirectUri: 'https://bank.example/federation/callback',
      rolesClaim: 'roles',
      roles: {},
      twoFactorAcr: [],
    };
    expect(() => createOpenIdLogin(settings, EXCLUSIVE_ROLES)).toThrow(RangeError);
  },
);
