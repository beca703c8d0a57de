import type { StatementSummary } from '@florin/sdk';
import { Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMonth } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { StatementDownloads } from './statement-downloads.tsx';

/** Statements under each other, on a phone. */
export function StatementCards({ statements }: { readonly statements: readonly StatementSummary[] }) {
  const { t } = useTranslation('statements');
  const locale = useLocale();
  return (
    <Stack gap="lg" component="ul" className="plain-list">
      {statements.map((statement) => (
        <Stack gap="xs" component="li" key={statement.period} className="statement">
          <Title order={2} size="h5">
            {formatMonth(statement.period, locale)}
          </Title>
          <Facts>
            <Fact label={t('opening')}>
              <Amount money={statement.opening} size="sm" />
            </Fact>
            <Fact label={t('closing')}>
              <Amount money={statement.closing} size="sm" fw={600} />
            </Fact>
            <Fact label={t('movements')}>{statement.lineCount.toLocaleString(locale)}</Fact>
          </Facts>
          <StatementDownloads statement={statement} />
        </Stack>
      ))}
    </Stack>
  );
}
