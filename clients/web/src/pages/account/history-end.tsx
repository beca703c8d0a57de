import type { Account } from '@florin/sdk';
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBankDay } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Nothing } from '../../parts/data-region.tsx';

interface HistoryEndProps {
  /** Undefined until it is loaded. */
  readonly account: Account | undefined;
  readonly isFiltered: boolean;
  /** Whether everything has been looked through. */
  readonly isWhole: boolean;
}

/** Instead of a list that is empty: because nothing happened, or because nothing passes the filters. */
export function NothingFound({
  account,
  isFiltered,
  isWhole,
  onClear,
}: HistoryEndProps & { readonly onClear: () => void }) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  if (!isFiltered) {
    return <Nothing title={t('none')} text={t(account?.status === 'closed' ? 'noneClosedText' : 'noneText')} />;
  }
  return (
    <Nothing
      state="filtered"
      title={t(isWhole ? 'nothingFound' : 'nothingFoundYet')}
      text={t('nothingFoundText')}
      action={
        <Button variant="default" onClick={onClear}>
          {shell('clearFilters')}
        </Button>
      }
    />
  );
}

interface HowFarProps extends HistoryEndProps {
  readonly isEmpty: boolean;
  /** The moment a search stopped at before it had a page full. */
  readonly searchedBackTo: string | undefined;
}

/** Where the search has got to, or that this is the end. */
export function HowFar(props: HowFarProps) {
  const text = useHowFarText()(props);
  return text === undefined ? null : (
    <Text size="sm" c="dimmed" ta="center" role="status">
      {text}
    </Text>
  );
}

function useHowFarText(): (props: HowFarProps) => string | undefined {
  const { t } = useTranslation('history');
  const locale = useLocale();
  return ({ account, isFiltered, isWhole, isEmpty, searchedBackTo }) => {
    if (!isWhole) return searchedBackTo && t('searchedBackTo', { day: formatBankDay(searchedBackTo, locale) });
    if (isEmpty) return undefined;
    if (isFiltered) return t('allFound');
    return account && t('begin', { day: formatBankDay(account.openedAt, locale) });
  };
}
