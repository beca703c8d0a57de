import { systemClock, utcDate } from '@florin/primitives';
import type { Account } from '@florin/sdk';
import { Button, Collapse, Drawer, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { SlidersHorizontal } from 'lucide-react';
import { type ReactNode, type RefObject, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistorySearch } from '../../api/history-search.ts';
import { useIsPhone } from '../../parts/use-is-phone.ts';
import { activeFilters } from './active-filters.ts';
import { FilterChips } from './filter-chips.tsx';
import { FilterForm } from './filter-form.tsx';
import type { FilterContext } from './filter-values.ts';
import { SearchBox } from './search-box.tsx';

interface HistoryToolsProps {
  readonly account: Account | undefined;
  readonly search: HistorySearch;
  readonly onSearch: (search: HistorySearch, options?: { readonly replace?: boolean }) => void;
  /** Where the focus goes when what had it is gone with its filter. */
  readonly filtersButton: RefObject<HTMLButtonElement | null>;
}

/** The search box, the filters behind their button, and what of both is in force. */
export function HistoryTools({ account, search, onSearch, filtersButton }: HistoryToolsProps) {
  const { t } = useTranslation('history');
  const [isOpen, panel] = useDisclosure();
  const panelId = useId();
  const filters = activeFilters(search).filter((filter) => filter.kind !== 'text');
  const context = account && contextOf(account);
  const change = (next: HistorySearch) => {
    filtersButton.current?.focus();
    onSearch(next);
  };
  return (
    <>
      <Group gap="sm" mb="sm" wrap="wrap">
        <SearchBox text={search.q} onSearch={(q) => onSearch(withText(search, q), { replace: true })} />
        <Button
          ref={filtersButton}
          variant="default"
          leftSection={<SlidersHorizontal size={18} aria-hidden />}
          onClick={panel.toggle}
          disabled={context === undefined}
          aria-expanded={isOpen}
          aria-controls={panelId}
        >
          {filters.length === 0 ? t('filters') : t('filtersActive', { count: filters.length })}
        </Button>
      </Group>
      {context && (
        <FilterPanel id={panelId} isOpen={isOpen} onClose={panel.close}>
          <FilterForm
            key={JSON.stringify(search)}
            search={search}
            context={context}
            onApply={(next) => {
              panel.close();
              change(next);
            }}
          />
        </FilterPanel>
      )}
      <FilterChips search={search} context={context} onChange={change} />
    </>
  );
}

interface FilterPanelProps {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Unfolds below the search box; on a phone it comes from the foot of the screen, where the thumb is. */
function FilterPanel({ id, isOpen, onClose, children }: FilterPanelProps) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  const isPhone = useIsPhone();
  if (!isPhone) {
    return (
      <Collapse expanded={isOpen} id={id} keepMounted={false}>
        <div className="filter-panel">{children}</div>
      </Collapse>
    );
  }
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      id={id}
      position="bottom"
      title={
        <Text component="span" fw={650} size="lg">
          {t('filters')}
        </Text>
      }
      classNames={{ content: 'filter-sheet' }}
      closeButtonProps={{ 'aria-label': shell('close'), className: 'touch-target' }}
    >
      {children}
    </Drawer>
  );
}

function contextOf(account: Account): FilterContext {
  const { amount } = account.balance.posted;
  return {
    today: utcDate(systemClock()),
    currency: account.currency,
    digits: amount.split('.')[1]?.length ?? 0,
  };
}

function withText({ q: _before, ...search }: HistorySearch, q: string | undefined): HistorySearch {
  return q === undefined ? search : { ...search, q };
}
