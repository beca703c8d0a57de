/** The errors of imports whose chunk was not there. */
const missing = new WeakSet<object>();

/** What the tab remembers: the build it was loaded anew for. */
const STORED_BUILD = 'florin:reloaded-build';

/**
 * Notes which errors mean that a chunk could not be had: the build tool's loader tells the window before the import
 * fails. Nothing is done about it yet, because most imports are only a pointer over a link, and somebody may be typing.
 */
export function noteMissingChunks(target: EventTarget): void {
  target.addEventListener('vite:preloadError', (event) => {
    const { payload } = event as Event & { readonly payload?: unknown };
    if (typeof payload === 'object' && payload !== null) missing.add(payload);
  });
}

/**
 * Whether a page that broke with this error is to be loaded anew: a chunk was missing, as in a tab that is older than the
 * build the bank serves now, and this build has not been loaded anew for it before. Says yes once per build, so a chunk
 * that is really gone ends on a page that says so, not in a loop. `build` is what names the build: its first script.
 */
export function claimReload(error: unknown, build: string, storage: Pick<Storage, 'getItem' | 'setItem'>): boolean {
  if (typeof error !== 'object' || error === null || !missing.has(error)) return false;
  try {
    if (storage.getItem(STORED_BUILD) === build) return false;
    storage.setItem(STORED_BUILD, build);
    return true;
  } catch {
    // Without a memory it could not be told from a loop.
    return false;
  }
}

/** The first script of the page, whose name changes with everything that is in the build. */
export function currentBuild(): string {
  return document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? '';
}
