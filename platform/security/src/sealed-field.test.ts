import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blindIndex, type OpeningKeys, openField, sealedWith, sealField } from './sealed-field.ts';

const newKey = () => createSecretKey(randomBytes(32));
const KEY = newKey();
const KEYS: Readonly<Record<number, KeyObject>> = { 1: newKey(), 7: KEY };
const DERIVED = newKey();
const CONTEXT = 'customer.email|7f3c';
const keys: OpeningKeys = { dataKey: (id) => KEYS[id], derivedKey: DERIVED };
const seal = (plain: string, context = CONTEXT): Buffer => sealField(7, KEY, plain, context);

/** A value as it was written before there were data keys: version 1, key 1, IV, ciphertext, tag. */
function sealedBefore(plain: string, keyId = 1): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', DERIVED, iv, { authTagLength: 16 }).setAAD(Buffer.from(CONTEXT));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(1, keyId), iv, body, cipher.getAuthTag()]);
}

describe('a sealed field', () => {
  it('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(openField(keys, seal(plain), CONTEXT)).toBe(plain);
      }),
    );
  });

  it('never is the same bytes twice, and says what sealed it', () => {
    expect(seal('a').equals(seal('a'))).toBe(false);
    expect(seal('a').subarray(0, 5).toString('hex')).toBe('0200000007');
    expect(sealedWith(0xffff_ffff).toString('hex')).toBe('02ffffffff');
    expect(() => sealedWith(2 ** 32)).toThrow('32 bits');
  });

  it('T53: does not open in another row or column', () => {
    for (const context of ['customer.email|7f3d', 'customer.phone|7f3c', '']) {
      expect(() => openField(keys, seal('a'), context)).toThrow('does not decrypt');
    }
  });

  it('T53: does not open with any bit flipped, cut anywhere, or with another key', () => {
    for (const bytes of [seal('alice@example.test'), sealedBefore('alice@example.test')]) {
      for (let index = 0; index < bytes.length; index += 1) {
        const flipped = Buffer.from(bytes);
        flipped[index] = (flipped[index] ?? 0) ^ 1;
        expect(() => openField(keys, flipped, CONTEXT)).toThrow('does not decrypt');
        expect(() => openField(keys, bytes.subarray(0, index), CONTEXT)).toThrow('does not decrypt');
      }
    }
    expect(() => openField({ dataKey: () => KEYS[1] }, seal('a'), CONTEXT)).toThrow('does not decrypt');
    expect(() => openField({ dataKey: () => undefined }, seal('a'), CONTEXT)).toThrow('does not decrypt');
  });

  it('opens what the key from the setting sealed, for as long as there is that key', () => {
    expect(openField(keys, sealedBefore('Maria'), CONTEXT)).toBe('Maria');
    expect(() => openField({ dataKey: keys.dataKey }, sealedBefore('Maria'), CONTEXT)).toThrow('does not decrypt');
    expect(() => openField(keys, sealedBefore('Maria', 2), CONTEXT)).toThrow('does not decrypt');
  });
});

it('finds equal values whatever their case or Unicode form, per field', () => {
  const indexKey = randomBytes(32);
  const index = (field: string, value: string) => blindIndex(indexKey, field, value).toString('hex');
  expect(index('email', 'Zoë@Example.test')).toBe(index('email', 'zoe\u0308@example.test'));
  expect(index('email', 'a@b.test')).not.toBe(index('email', 'a@c.test'));
  expect(index('email', 'a@b.test')).not.toBe(index('login', 'a@b.test'));
  expect(index('email', 'a@b.test')).toHaveLength(32);
});
