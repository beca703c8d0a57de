import type { User } from '@florin/sdk';
import { describe, expect, it, vi } from 'vitest';
import { createSessionStore, signInAddress } from './session.ts';

const alice: User = {
  id: '018f0000-0000-7000-8000-00000000a11c',
  email: 'alice@florin.example',
  emailConfirmed: true,
  name: 'Alice Jansen',
  roles: ['customer'],
  registeredAt: '2026-01-01T00:00:00Z',
};

describe('the session store', () => {
  it('knows nothing before it was told', () => {
    expect(createSessionStore().get()).toEqual({ kind: 'unknown' });
  });

  it('keeps who was signed in when the session expires, and tells its listeners once', () => {
    const store = createSessionStore();
    store.set({ user: alice, csrf: 'token', idleSeconds: 600 });
    const listener = vi.fn();
    store.subscribe(listener);
    store.expire();
    store.expire();
    expect(store.get()).toEqual({ kind: 'expired', user: alice });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('does not expire what nobody signed in to', () => {
    const store = createSessionStore();
    store.set({ user: null, csrf: null, idleSeconds: 600 });
    store.expire();
    expect(store.get()).toEqual({ kind: 'signed-out' });
  });
});

it('brings people back to where they were', () => {
  expect(signInAddress('/send?to=a&b=1')).toBe('/session/login?return_to=%2Fsend%3Fto%3Da%26b%3D1');
});
