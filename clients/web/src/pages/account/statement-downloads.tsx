import type { StatementSummary } from '@florin/sdk';
import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMonth } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { statementAddress } from './download-addresses.ts';

const FORMATS = [
  { format: 'pdf', label: 'pdf', name: 'pdfOf' },
  { format: 'csv', label: 'csv', name: 'csvOf' },
  { format: 'camt.053', label: 'camt', name: 'camtOf' },
] as const;

/** One statement in each of its forms; the browser fetches them itself. */
export function StatementDownloads({ statement }: { readonly statement: StatementSummary }) {
  const { t } = useTranslation('statements');
  const locale = useLocale();
  const month = formatMonth(statement.period, locale);
  return (
    <Group gap="xs">
      {FORMATS.map(({ format, label, name }) => (
        <Button
          key={format}
          component="a"
          href={statementAddress(statement.accountId, statement.period, format)}
          download
          variant="default"
          size="xs"
          className="touch-target"
          aria-label={t(name, { month })}
        >
          {t(label)}
        </Button>
      ))}
    </Group>
  );
}
