import { expect, it } from 'vitest';
import { readPeerFiles } from './peer-settings.ts';

const ALL = { FLORIN_PEER_CERTIFICATE_FILE: 'c.pem', FLORIN_PEER_KEY_FILE: 'k.pem', FLORIN_PEER_CA_FILE: 'ca.pem' };

it('takes all three files, or none', () => {
  expect(readPeerFiles({})).toBeUndefined();
  expect(readPeerFiles(ALL)).toEqual({ certificateFile: 'c.pem', keyFile: 'k.pem', caFile: 'ca.pem' });
});

it.each(Object.keys(ALL))('says that %s is missing, rather than to talk in plain text', (name) => {
  expect(() => readPeerFiles({ ...ALL, [name]: '' })).toThrow(
    expect.objectContaining({ code: 'setting-missing', message: expect.stringContaining(name) }),
  );
});
