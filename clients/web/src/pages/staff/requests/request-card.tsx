import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { approvalQuery } from '../../../api/approval-queries.ts';
import { formatMoment } from '../../../format/dates.ts';
import { formatIban } from '../../../format/money.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Amount } from '../../../parts/amount.tsx';
import { Card } from '../../../parts/card.tsx';
import { Fact, Facts } from '../../../parts/facts.tsx';
import { LinkAnchor } from '../../../parts/links.tsx';
import { useBank } from '../../../session/use-bank.ts';
import { PersonMark } from '../sagas/person-mark.tsx';
import { RequestDecision, type RequestProps } from './request-decision.tsx';

/** What is asked, by whom and why, beside how things are now, and the yes and no of a second person. */
export function RequestCard({ service, approval, onSaid }: RequestProps) {
  const { t } = useTranslation('requests');
  const locale = useLocale();
  const { action, maker, madeAt, expiresAt, reason } = approval;
  const words: Readonly<Record<string, string>> = t('action', { returnObjects: true });
  return (
    <Card title={words[action] ?? t('otherAction')}>
      <Stack gap="md">
        <Facts>
          <Asked approval={approval} />
          <Now service={service} approval={approval} />
          <Fact label={t('why')}>{reason}</Fact>
          <Fact label={t('askedBy')}>
            <PersonMark id={maker} />
          </Fact>
          <Fact label={t('askedAt')}>{formatMoment(madeAt, locale)}</Fact>
          <Fact label={t('expires')}>{formatMoment(expiresAt, locale)}</Fact>
        </Facts>
        <RequestDecision service={service} approval={approval} onSaid={onSaid} />
      </Stack>
    </Card>
  );
}

function Asked({ approval: { payload, resource, action } }: Pick<RequestProps, 'approval'>) {
  const { t } = useTranslation('requests');
  const { t: staff } = useTranslation('staff');
  const roleNames: Readonly<Record<string, string>> = staff('role', { returnObjects: true });
  const { iban, amount, currency, reference, role, restTo } = payload;
  return (
    <>
      {iban !== undefined && (
        <Fact label={t('iban')}>
          <span className="iban-text">{formatIban(iban)}</span>
        </Fact>
      )}
      {amount !== undefined && currency !== undefined && (
        <Fact label={t('amount')}>
          <Amount money={{ amount, currency }} fw={700} />
        </Fact>
      )}
      {restTo !== undefined && (
        <Fact label={t('restTo')}>
          <span className="iban-text">{formatIban(restTo)}</span>
        </Fact>
      )}
      {reference !== undefined && reference !== '' && <Fact label={t('reference')}>{reference}</Fact>}
      {role !== undefined && <Fact label={t('role')}>{roleNames[role] ?? role}</Fact>}
      {action === 'transfers.reverse' && (
        <Fact label={t('entry')}>
          <LinkAnchor to="/staff/journals/$journalId" params={{ journalId: resource }}>
            {t('openEntry')}
          </LinkAnchor>
        </Fact>
      )}
      {action.startsWith('roles.') && (
        <Fact label={t('person')}>
          <PersonMark id={resource} isStaff={false} />
        </Fact>
      )}
    </>
  );
}

function Now({ service, approval: { id, payload, action } }: Pick<RequestProps, 'service' | 'approval'>) {
  const { t } = useTranslation('requests');
  const { t: staff } = useTranslation('staff');
  const { data } = useQuery(approvalQuery(useBank(), service, id));
  if (data === undefined) return null;
  const { status, balance, roles, dailyLimit } = data.current;
  const statuses: Readonly<Record<string, string>> = t('status', { returnObjects: true });
  const roleNames: Readonly<Record<string, string>> = staff('role', { returnObjects: true });
  const currency = data.current['currency'] ?? payload['currency'];
  return (
    <>
      {status !== undefined && <Fact label={t('statusNow')}>{statuses[status] ?? status}</Fact>}
      {balance !== undefined && currency !== undefined && (
        <Fact label={t('balanceNow')}>
          <Amount money={{ amount: balance, currency }} />
        </Fact>
      )}
      {action === 'accounts.raise-limit' && dailyLimit !== undefined && currency !== undefined && (
        <Fact label={t('limitNow')}>
          <Amount money={{ amount: dailyLimit, currency }} />
        </Fact>
      )}
      {roles !== undefined && (
        <Fact label={t('rolesNow')}>
          {roles
            .split(' ')
            .map((role) => roleNames[role] ?? role)
            .join(', ')}
        </Fact>
      )}
    </>
  );
}
