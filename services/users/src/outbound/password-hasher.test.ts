import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

test('a hash is salted argon2id in the PHC format, and only the password it was made from fits', async () => {
  const hasher = createPasswordHasher();
  const [one, two] = await Promise.all([hasher.hash('lantern maple harbour'), hasher.hash('lantern maple harbour')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await hasher.verify('lantern maple harbour', one)).toBe(true);
  expect(await hasher.verify('lantern maple harbours', one)).toBe(false);
  expect(await hasher.verify('lantern maple harbour', undefined)).toBe(false);
});

test('an unknown person costs a hash too: it waits its turn like any other', async () => {
  const hasher = createPasswordHasher({ atOnceMax: 1, waitingMax: 0 });
  const unknown = hasher.verify('guess', undefined);
  await expect(hasher.verify('guess', undefined)).rejects.toMatchObject({ code: 'sign-in-busy', retryable: true });
  expect(await unknown).toBe(false);
  expect(await hasher.verify('guess', undefined)).toBe(false);
});

test('a full queue turns away and lets in again', async () => {
  const hasher = createPasswordHasher({ atOnceMax: 2, waitingMax: 3 });
  const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => hasher.hash('x')));
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5);
  expect(await hasher.hash('x')).toContain('$argon2id$');
});

test('a hash made with other parameters is a fault, not a wrong password', async () => {
  await expect(createPasswordHasher().verify('x', '$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA')).rejects.toMatchObject({
    code: 'password-hash-unreadable',
  });
});
