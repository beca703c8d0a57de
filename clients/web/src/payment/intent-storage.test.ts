import { describe, expect, it } from 'vitest';
import { intentStorage } from './intent-storage.ts';
import { STORED_VERSION, type StoredIntent } from './stored-intent.ts';

type Stored = StoredIntent<string, string, string>;

const stored: Stored = {
  version: STORED_VERSION,
  userId: 'alice',
  origin: '',
  intent: { step: 'review', draft: 'typed', command: 'send', key: 'key-1' },
};

/** What `Storage` of a browser does, in a map. */
function tab(items = new Map<string, string>()) {
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, text: string) => void items.set(name, text),
    removeItem: (name: string) => void items.delete(name),
  };
}

describe('intentStorage', () => {
  it('reads what it wrote, per name, and nothing after it was dropped', () => {
    const storage = tab();
    const transfers = intentStorage<string, string, string>(storage, 'transfer');
    transfers.write(stored);
    expect(transfers.read()).toEqual(stored);
    expect(intentStorage(storage, 'standing-order').read()).toBeUndefined();
    transfers.drop();
    expect(transfers.read()).toBeUndefined();
    expect(storage.items.size).toBe(0);
  });

  it.each(['', '{', 'null', '[]', '"text"', '{}', '{"version":0}', '{"version":"1"}'])(
    'takes %s for nothing',
    (text) => {
      const storage = tab(new Map([['florin:transfer', text]]));
      expect(intentStorage(storage, 'transfer').read()).toBeUndefined();
    },
  );

  it('goes on without a storage that takes nothing', () => {
    const full = {
      ...tab(),
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
      getItem() {
        throw new DOMException('off', 'SecurityError');
      },
    };
    const storage = intentStorage<string, string, string>(full, 'transfer');
    storage.write(stored);
    expect(storage.read()).toBeUndefined();
  });
});
