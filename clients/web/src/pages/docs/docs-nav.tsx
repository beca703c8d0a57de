import { CloseButton, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readSearchText, SEARCH_TEXT_LENGTH_MAX } from '../../api/history-search.ts';
import { SEARCH_KEY, useSearchKey } from '../../parts/search-key.tsx';
import { MethodMark } from './method-mark.tsx';
import type { Operation } from './openapi.ts';
import { useTagName } from './use-tag-name.ts';

/** So long after the last key the search begins. */
const PAUSE_MS = 200;

interface DocsNavProps {
  readonly groups: readonly { readonly tag: string; readonly operations: readonly Operation[] }[];
  readonly q: string | undefined;
  readonly count: number;
  readonly onSearch: (text: string | undefined) => void;
  readonly onGo: (id: string) => void;
}

/** The contents, and a box to narrow them with. */
export function DocsNav({ groups, q, count, onSearch, onGo }: DocsNavProps) {
  const { t } = useTranslation('docs');
  const tagName = useTagName();
  return (
    <div className="docs-side">
      <SearchBox q={q} onSearch={onSearch} />
      <Text size="sm" c="dimmed" role="status" my="xs">
        {t('found', { count })}
      </Text>
      <nav aria-label={t('contents')} className="docs-nav">
        {groups.map(({ tag, operations }) => (
          <div key={tag}>
            <a href={`#tag-${tag}`} className="docs-nav-tag">
              {tagName(tag)}
            </a>
            <ul className="plain-list docs-nav-list">
              {operations.map(({ id, method, path }) => (
                <li key={id}>
                  <Link
                    to="/docs"
                    search={(before) => before}
                    hash={id}
                    hashScrollIntoView={false}
                    resetScroll={false}
                    className="docs-nav-link"
                    onClick={() => onGo(id)}
                  >
                    <MethodMark method={method} />
                    <span className="docs-nav-path">{path}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </div>
  );
}

function SearchBox({ q, onSearch }: Pick<DocsNavProps, 'q' | 'onSearch'>) {
  const { t } = useTranslation('docs');
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q ?? '');
  const searchSoon = useDebouncedCallback((text: string) => onSearch(readSearchText(text)), PAUSE_MS);
  const hasKey = useSearchKey(input);
  return (
    <search>
      <TextInput
        ref={input}
        type="search"
        label={t('search')}
        placeholder={t('searchHint')}
        aria-keyshortcuts={hasKey ? SEARCH_KEY : undefined}
        autoComplete="off"
        maxLength={SEARCH_TEXT_LENGTH_MAX}
        leftSection={<Search size={18} aria-hidden />}
        rightSection={
          typed !== '' && (
            <CloseButton
              aria-label={t('clear')}
              onClick={() => {
                setTyped('');
                searchSoon.cancel();
                onSearch(undefined);
                input.current?.focus();
              }}
            />
          )
        }
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          searchSoon(value);
        }}
      />
    </search>
  );
}
