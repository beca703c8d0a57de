import { describe, expect, it } from 'vitest';
import { createDenylist } from './denylist.ts';
import type { Principal } from './principal.ts';

const START_MS = 1_780_000_000_000;
const NOW_SECONDS = START_MS / 1_000;

function person(subject: string, sessionId?: string): Principal {
  return { subject, kind: 'person', roles: ['customer'], ...(sessionId !== undefined && { sessionId }) };
}

function setUp(entriesMax?: number) {
  const time = { ms: START_MS };
  const clock = () => time.ms;
  return { time, denylist: createDenylist(entriesMax === undefined ? { clock } : { clock, entriesMax }) };
}

describe('the denylist', () => {
  it('T07: revokes what a user was given before a moment, and nothing later, and nobody else', () => {
    const { denylist } = setUp();
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(false);
    denylist.revokeUser('alice', NOW_SECONDS);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(true);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS)).toBe(false);
    expect(denylist.isRevoked(person('bob'), NOW_SECONDS - 1)).toBe(false);
  });

  it('T07: revokes one session and leaves the others of the same user', () => {
    const { denylist } = setUp();
    denylist.revokeSession('s1');
    expect(denylist.isRevoked(person('alice', 's1'), NOW_SECONDS + 1)).toBe(true);
    expect(denylist.isRevoked(person('alice', 's2'), NOW_SECONDS)).toBe(false);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS)).toBe(false);
  });

  it('does not confuse a user with a session of the same name', () => {
    const { denylist } = setUp();
    denylist.revokeSession('x');
    expect(denylist.isRevoked(person('x'), NOW_SECONDS - 60)).toBe(false);
  });

  it('keeps the later of two revocations, in whatever order they arrive', () => {
    const { denylist } = setUp();
    denylist.revokeUser('alice', NOW_SECONDS);
    denylist.revokeUser('alice', NOW_SECONDS - 100);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(true);
  });

  it('forgets after six minutes, when every token of then has expired', () => {
    const { denylist, time } = setUp();
    denylist.revokeUser('alice', NOW_SECONDS);
    time.ms += 6 * 60_000 - 1;
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(true);
    time.ms += 1;
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(false);
  });

  it('never lets a revoked token back in because it is full', () => {
    const { denylist } = setUp(3);
    denylist.revokeUser('alice', NOW_SECONDS);
    denylist.revokeSession('s1');
    for (let user = 0; user < 10; user += 1) denylist.revokeUser(`user-${user}`, NOW_SECONDS - 50);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS - 1)).toBe(true);
    expect(denylist.isRevoked(person('carol', 's1'), NOW_SECONDS)).toBe(true);
    expect(denylist.isRevoked(person('alice'), NOW_SECONDS + 1)).toBe(false);
  });
});
