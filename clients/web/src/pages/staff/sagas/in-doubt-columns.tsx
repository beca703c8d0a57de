import type { InDoubt, StuckDecision } from '@florin/sdk';
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../../format/dates.ts';
import { formatDuration } from '../../../format/durations.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import type { Column } from '../../../parts/data-table.tsx';
import { plainName, plainText, shortNumber } from './plain-text.ts';

/** What is in doubt for longer needs somebody: the resolver has had many turns by then. */
const LONG_MS = 60_000;

export function useInDoubtColumns(): readonly Column<InDoubt>[] {
  const { t } = useTranslation('inDoubt');
  const locale = useLocale();
  return [
    {
      id: 'what',
      head: t('what'),
      isName: true,
      cell: ({ gid, name }) => (
        <Group gap={4} wrap="nowrap">
          {gid === null ? t('notOurs') : shortNumber(gid)}
          <CopyButton value={gid ?? name} label={t(gid === null ? 'copyName' : 'copyPayment')} />
        </Group>
      ),
    },
    {
      id: 'shard',
      head: t('shard'),
      cell: ({ shard, database }) => <Text size="sm">{shard === null ? database : plainName(shard)}</Text>,
    },
    {
      id: 'age',
      head: t('age'),
      cell: ({ ageMs, preparedAt }) => {
        const duration = formatDuration(ageMs, locale);
        const isLong = ageMs >= LONG_MS;
        return (
          <Text size="sm" title={formatMoment(preparedAt, locale)} className={isLong ? 'warning-text' : undefined}>
            {isLong ? t('agoIsLong', { duration }) : duration}
          </Text>
        );
      },
    },
    { id: 'says', head: t('logSays'), cell: ({ logSays }) => <Text size="sm">{t(`says.${logSays}`)}</Text> },
  ];
}

export function useDecisionColumns(): readonly Column<StuckDecision>[] {
  const { t } = useTranslation('inDoubt');
  const locale = useLocale();
  return [
    {
      id: 'what',
      head: t('what'),
      isName: true,
      cell: ({ gid }) => (
        <Group gap={4} wrap="nowrap">
          {shortNumber(gid)}
          <CopyButton value={gid} label={t('copyPayment')} />
        </Group>
      ),
    },
    { id: 'decision', head: t('decision'), cell: ({ outcome }) => <Text size="sm">{t(`outcome.${outcome}`)}</Text> },
    {
      id: 'shards',
      head: t('shards'),
      cell: ({ shards }) => <Text size="sm">{shards.map(plainName).join(', ')}</Text>,
    },
    {
      id: 'when',
      head: t('decidedAt'),
      cell: ({ decidedAt }) => <Text size="sm">{formatMoment(decidedAt, locale)}</Text>,
    },
    {
      id: 'why',
      head: t('why'),
      cell: ({ attention }) => <Text size="sm">{plainText(attention, locale)}</Text>,
    },
  ];
}
