import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LocalKeys, localKeyManagement, openKeyFile, withNewKey } from './key-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DATA_KEY = randomBytes(32);
const CONTEXT = 'data_key|users|1';

function write(name: string, content: unknown, mode = 0o600): string {
  const path = join(folder, name);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  // As those who change it do: a new file takes the place of the old one.
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
  return path;
}

describe('a key file', () => {
  it('locks with its current key, and unlocks what the others locked', async () => {
    const first = withNewKey(undefined, 'first');
    const path = write('two', first);
    const keys = openKeyFile(path);
    const before = await keys.wrap(DATA_KEY, CONTEXT);
    write('two', withNewKey(first, 'second'));
    expect(await keys.currentKeyId()).toBe('second');
    const after = await keys.wrap(DATA_KEY, CONTEXT);
    expect([before.keyId, after.keyId]).toEqual(['first', 'second']);
    expect(await keys.unwrap(before, CONTEXT)).toEqual(DATA_KEY);
    expect(await keys.unwrap(after, CONTEXT)).toEqual(DATA_KEY);
  });

  it('T53: unlocks nothing with another key, for another context, under another name, or with a bit flipped', async () => {
    const mine = withNewKey(withNewKey(undefined, 'other'), 'kek');
    const keys = localKeyManagement(() => mine);
    const locked = await keys.wrap(DATA_KEY, CONTEXT);
    const stranger = localKeyManagement(() => withNewKey(undefined, 'kek'));
    const refused = { code: 'key-wrong' };
    await expect(stranger.unwrap(locked, CONTEXT)).rejects.toMatchObject(refused);
    await expect(keys.unwrap(locked, 'data_key|users|2')).rejects.toMatchObject(refused);
    await expect(keys.unwrap({ ...locked, keyId: 'other' }, CONTEXT)).rejects.toMatchObject(refused);
    await expect(keys.unwrap({ ...locked, keyId: 'unknown' }, CONTEXT)).rejects.toMatchObject(refused);
    await expect(keys.unwrap({ ...locked, wrapped: Buffer.alloc(3) }, CONTEXT)).rejects.toMatchObject(refused);
    const flipped = Buffer.from(locked.wrapped);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    await expect(keys.unwrap({ ...locked, wrapped: flipped }, CONTEXT)).rejects.toMatchObject(refused);
  });

  const good: LocalKeys = withNewKey(undefined, 'kek');
  it.each([
    ['is missing', () => join(folder, 'nowhere'), 'there is no key file'],
    [
      'is open to others',
      () => {
        const path = write('open', good);
        chmodSync(path, 0o640);
        return path;
      },
      'make its mode 600',
    ],
    ['is not JSON', () => write('text', 'secret'), 'is not JSON'],
    ['marks none', () => write('unmarked', { keys: good.keys }), 'which of its keys'],
    ['marks one that is not there', () => write('gone', { ...good, current: 'gone' }), 'which of its keys'],
    ['holds a short key', () => write('short', { current: 'a', keys: { a: 'AAAA' } }), 'the key a is not 32 bytes'],
  ])('that %s is refused in one sentence', (_what, make, sentence) => {
    expect(() => openKeyFile(make())).toThrow(sentence);
  });

  it('never loses a key to a new one of the same name', () => {
    expect(() => withNewKey(good, 'kek')).toThrow('already');
  });
});
