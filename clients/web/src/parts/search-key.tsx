import { Kbd } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import type { RefObject } from 'react';

/** The key that goes to the search of a page. */
export const SEARCH_KEY = '/';

/**
 * Whether single keys do something outside of fields. Who speaks to the page, or types it by accident, can switch them
 * off (WCAG 2.1.4); kept in this browser.
 */
export function useSingleKeys() {
  return useLocalStorage({ key: 'florin-single-keys', defaultValue: true, getInitialValueInEffect: false });
}

/** Lets a slash lead to a search box from anywhere on its page; says whether it does. */
export function useSearchKey(input: RefObject<HTMLInputElement | null>): boolean {
  const [isOn] = useSingleKeys();
  useHotkeys(isOn ? [[SEARCH_KEY, () => input.current?.focus()]] : []);
  return isOn;
}

/** The key, drawn in the box it leads to. */
export function SearchKeyMark() {
  return (
    <Kbd aria-hidden visibleFrom="sm">
      {SEARCH_KEY}
    </Kbd>
  );
}
