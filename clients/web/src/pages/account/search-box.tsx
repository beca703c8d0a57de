import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readSearchText, SEARCH_TEXT_LENGTH_MAX } from '../../api/history-search.ts';
import { SEARCH_KEY, SearchKeyMark, useSearchKey } from '../../parts/search-key.tsx';

/** So long after the last key the search begins. */
const PAUSE_MS = 300;

interface SearchBoxProps {
  /** What is searched for now, as the address says. */
  readonly text: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
}

/** Searches while one types; a slash brings one here from anywhere on the page. */
export function SearchBox({ text, onSearch }: SearchBoxProps) {
  const { t } = useTranslation('history');
  const input = useRef<HTMLInputElement>(null);
  const asked = useRef(text);
  const [typed, setTyped] = useState(text ?? '');
  const ask = (wanted: string) => {
    const next = readSearchText(wanted);
    if (next === asked.current) return;
    asked.current = next;
    onSearch(next);
  };
  const askSoon = useDebouncedCallback(ask, PAUSE_MS);
  const hasKey = useSearchKey(input);
  // Whoever else changes the address, a chip or the way back, changes what stands in the box; our own change does not.
  useEffect(() => {
    if (text === asked.current) return;
    asked.current = text;
    askSoon.cancel();
    setTyped(text ?? '');
  }, [text, askSoon]);
  const askNow = (wanted: string) => {
    askSoon.cancel();
    ask(wanted);
  };
  const clear = () => {
    setTyped('');
    askNow('');
    input.current?.focus();
  };
  return (
    <TextInput
      ref={input}
      type="search"
      className="search-box"
      aria-label={t('search')}
      aria-keyshortcuts={hasKey ? SEARCH_KEY : undefined}
      placeholder={t('searchPlaceholder')}
      maxLength={SEARCH_TEXT_LENGTH_MAX}
      autoComplete="off"
      enterKeyHint="search"
      leftSection={<Search size={18} aria-hidden />}
      rightSection={
        typed === '' ? hasKey && <SearchKeyMark /> : <CloseButton aria-label={t('clearSearch')} onClick={clear} />
      }
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        askSoon(value);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Enter') askNow(typed);
      }}
    />
  );
}
