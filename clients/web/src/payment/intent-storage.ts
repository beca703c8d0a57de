import { STORED_VERSION, type StoredIntent } from './stored-intent.ts';

/** Where an intent outlives a reload and a sign-in: the tab's own session storage. */
export interface IntentStorage<Draft, Command, Answer> {
  read(): StoredIntent<Draft, Command, Answer> | undefined;
  write(stored: StoredIntent<Draft, Command, Answer>): void;
  drop(): void;
}

type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Stores intents of one kind under a name. What can not be read counts as not there. A storage that takes nothing (full,
 * or switched off) costs what a reload would have kept, and no more: the key is still in the page.
 */
export function intentStorage<Draft, Command, Answer>(
  storage: TextStorage,
  name: string,
): IntentStorage<Draft, Command, Answer> {
  const item = `florin:${name}`;
  return {
    read() {
      try {
        const value: unknown = JSON.parse(storage.getItem(item) ?? 'null');
        return isStored<Draft, Command, Answer>(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    write(stored) {
      try {
        storage.setItem(item, JSON.stringify(stored));
      } catch {
        // As said above.
      }
    },
    drop() {
      storage.removeItem(item);
    },
  };
}

/** The version says that a page of ours wrote it in this shape; nobody else can write into the tab's storage. */
function isStored<D, C, A>(value: unknown): value is StoredIntent<D, C, A> {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === STORED_VERSION;
}
