import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFieldCipher, type FieldKeys } from './field-cipher.ts';

const KEYS: FieldKeys = {
  currentKeyId: 2,
  encryptionKeys: { 1: randomBytes(32), 2: randomBytes(32) },
  indexKey: randomBytes(32),
};
const CONTEXT = 'customer.email|7f3c';
const cipher = createFieldCipher({ keys: KEYS });

describe('the field cipher', () => {
  it('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(cipher.decrypt(cipher.encrypt(plain, CONTEXT), CONTEXT)).toBe(plain);
      }),
    );
  });

  it('never writes the same bytes twice', () => {
    expect(cipher.encrypt('a', CONTEXT).equals(cipher.encrypt('a', CONTEXT))).toBe(false);
  });

  it('refuses a value that was moved to another row or column', () => {
    const bytes = cipher.encrypt('a', CONTEXT);
    for (const context of ['customer.email|7f3d', 'customer.phone|7f3c', '']) {
      expect(() => cipher.decrypt(bytes, context)).toThrow('does not decrypt');
    }
  });

  it('refuses every flipped bit and every cut', () => {
    const bytes = cipher.encrypt('alice@example.test', CONTEXT);
    for (let index = 0; index < bytes.length; index += 1) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      expect(() => cipher.decrypt(flipped, CONTEXT)).toThrow('does not decrypt');
      expect(() => cipher.decrypt(bytes.subarray(0, index), CONTEXT)).toThrow('does not decrypt');
    }
  });

  it('reads what an older key wrote, and fails on a key it does not have', () => {
    const older = createFieldCipher({ keys: { ...KEYS, currentKeyId: 1 } }).encrypt('a', CONTEXT);
    expect(cipher.decrypt(older, CONTEXT)).toBe('a');
    const { 2: current } = KEYS.encryptionKeys;
    const withoutOlder = createFieldCipher({ keys: { ...KEYS, encryptionKeys: { 2: current ?? randomBytes(32) } } });
    expect(() => withoutOlder.decrypt(older, CONTEXT)).toThrow('does not decrypt');
  });

  it('finds equal values whatever their case or Unicode form, per field', () => {
    const index = (field: string, value: string) => cipher.blindIndex(field, value).toString('hex');
    expect(index('email', 'Zoë@Example.test')).toBe(index('email', 'zoe\u0308@example.test'));
    expect(index('email', 'a@b.test')).not.toBe(index('email', 'a@c.test'));
    expect(index('email', 'a@b.test')).not.toBe(index('login', 'a@b.test'));
    expect(index('email', 'a@b.test')).toHaveLength(32);
  });

  it('refuses short or missing keys', () => {
    expect(() => createFieldCipher({ keys: { ...KEYS, indexKey: randomBytes(16) } })).toThrow('32 bytes');
    expect(() => createFieldCipher({ keys: { ...KEYS, currentKeyId: 3 } })).toThrow('missing');
    expect(() => createFieldCipher({ keys: { ...KEYS, currentKeyId: 256 } })).toThrow('1 to 255');
  });
});
