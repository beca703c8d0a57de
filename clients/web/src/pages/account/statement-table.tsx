import type { StatementSummary } from '@florin/sdk';
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMonth } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { StatementDownloads } from './statement-downloads.tsx';

/** Statements as a table, where there is room for one. */
export function StatementTable({ statements }: { readonly statements: readonly StatementSummary[] }) {
  const { t } = useTranslation('statements');
  const locale = useLocale();
  return (
    <Table.ScrollContainer
      minWidth={640}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('title') } }}
    >
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('month')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('opening')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('closing')}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t('movements')}
            </Table.Th>
            <Table.Th scope="col" pl="xl">
              {t('downloads')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {statements.map((statement) => (
            <Table.Tr key={statement.period}>
              <Table.Th scope="row">{formatMonth(statement.period, locale)}</Table.Th>
              <Table.Td ta="right">
                <Amount money={statement.opening} size="sm" />
              </Table.Td>
              <Table.Td ta="right">
                <Amount money={statement.closing} size="sm" fw={600} />
              </Table.Td>
              <Table.Td ta="right">{statement.lineCount.toLocaleString(locale)}</Table.Td>
              <Table.Td pl="xl">
                <StatementDownloads statement={statement} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
