import type { JournalDetail } from '@florin/sdk';
import { Group, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customerQuery } from '../../api/staff-queries.ts';
import { formatDate, formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkAnchor } from '../../parts/links.tsx';
import { useBank, useUser } from '../../session/use-bank.ts';

/** Who asked for an entry, when, and by what it is found. */
export function JournalFacts({ journal }: { readonly journal: JournalDetail }) {
  const { t } = useTranslation('journals');
  const locale = useLocale();
  return (
    <Card title={t('facts')}>
      <Facts>
        <Fact label={t('kindFact')}>{t(`kind.${journal.kind}`)}</Fact>
        <Fact label={t('reference')}>{journal.reference === '' ? t('noReference') : journal.reference}</Fact>
        {journal.reason !== undefined && <Fact label={t('reason')}>{journal.reason}</Fact>}
        <Fact label={t('asker')}>
          <Group gap={4}>
            <Asker journal={journal} />
            <CopyButton value={journal.actor} label={t('copyAsker')} />
          </Group>
        </Fact>
        <Fact label={t('bookedAt')}>{formatMoment(journal.bookedAt, locale)}</Fact>
        <Fact label={t('valueDate')}>{formatDate(journal.valueDate, locale)}</Fact>
        <Fact label={t('businessDate')}>{formatDate(journal.businessDate, locale)}</Fact>
        <Fact label={t('number')}>
          <Group gap={4} wrap="nowrap">
            <span>…{journal.id.slice(-8)}</span>
            <CopyButton value={journal.id} label={t('copyNumber')} />
          </Group>
        </Fact>
      </Facts>
    </Card>
  );
}

/** Only staff do these; looking for a customer would leave a look on record that was none. */
const BY_STAFF: ReadonlySet<JournalDetail['kind']> = new Set(['deposit', 'withdrawal', 'reversal']);

function Asker({ journal: { actor, kind } }: { readonly journal: JournalDetail }) {
  const { t } = useTranslation('journals');
  const { t: staff } = useTranslation('staff');
  const me = useUser();
  const isMe = me.id === actor;
  const customer = useQuery({ ...customerQuery(useBank(), actor), enabled: !isMe && !BY_STAFF.has(kind) });
  if (isMe) return staff('you');
  if (BY_STAFF.has(kind) || isMissing(customer.error)) return t('askerStaff');
  if (customer.data !== undefined) {
    return (
      <LinkAnchor to="/staff/customers/$customerId" params={{ customerId: actor }} size="sm">
        {customer.data.name}
      </LinkAnchor>
    );
  }
  return customer.isPending ? <Loader size="xs" /> : t('askerUnknown');
}
