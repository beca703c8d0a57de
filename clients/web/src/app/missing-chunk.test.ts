import { describe, expect, it } from 'vitest';
import { claimReload, noteMissingChunks } from './missing-chunk.ts';

function storageOf(entries: Record<string, string> = {}) {
  const stored = new Map(Object.entries(entries));
  return {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
  };
}

/** The event of the build tool's loader: cancelable, with the error that the import is about to fail with. */
function announce(target: EventTarget, payload: unknown): void {
  target.dispatchEvent(Object.assign(new Event('vite:preloadError', { cancelable: true }), { payload }));
}

function missingChunk(): Error {
  const target = new EventTarget();
  noteMissingChunks(target);
  const error = new TypeError('Failed to fetch dynamically imported module: /assets/cash-page-a1.js');
  announce(target, error);
  return error;
}

describe('a page that broke because a chunk was missing', () => {
  it('is loaded anew once', () => {
    const storage = storageOf();
    expect(claimReload(missingChunk(), '/assets/index-1.js', storage)).toBe(true);
    expect(claimReload(missingChunk(), '/assets/index-1.js', storage)).toBe(false);
  });

  it('is loaded anew again when the next build is there, and once more only', () => {
    const storage = storageOf();
    claimReload(missingChunk(), '/assets/index-1.js', storage);
    expect(claimReload(missingChunk(), '/assets/index-2.js', storage)).toBe(true);
    expect(claimReload(missingChunk(), '/assets/index-2.js', storage)).toBe(false);
  });

  it('is not when the browser keeps nothing: that could be a loop', () => {
    const refusing = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(claimReload(missingChunk(), '/assets/index-1.js', refusing)).toBe(false);
  });
});

it.each([new Error('a mistake of the page'), undefined, null, 'text'])('%s is no missing chunk', (error) => {
  missingChunk();
  expect(claimReload(error, '/assets/index-1.js', storageOf())).toBe(false);
});

it('an event that says nothing is ignored', () => {
  const target = new EventTarget();
  noteMissingChunks(target);
  expect(() => announce(target, undefined)).not.toThrow();
});
