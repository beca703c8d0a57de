import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Destination } from '../../shell/navigation.ts';
import { DoorState } from './door-state.tsx';

const TEXTS = {
  staffCustomers: 'customers',
  staffCash: 'cash',
  staffJournals: 'journals',
  staffLedger: 'ledger',
  staffSagas: 'sagas',
  staffApprovals: 'approvals',
  staffInDoubt: 'inDoubt',
  staffDeadLetters: 'deadLetters',
  staffHealth: 'health',
} as const;

/** A way in, with what it is for, and how things stand behind it where that is a question. */
export function Door({ destination }: { readonly destination: Destination }) {
  const { t } = useTranslation();
  const { t: staff } = useTranslation('staff');
  const { to, label, icon: Icon } = destination;
  const text = isDoor(label) ? staff(`doorText.${TEXTS[label]}`) : undefined;
  return (
    <Link to={to} className="card account-card staff-door">
      <Icon size={24} aria-hidden className="staff-door-icon" />
      <div>
        <Text fw={600}>{t(label)}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        <DoorState label={label} />
      </div>
    </Link>
  );
}

function isDoor(label: Destination['label']): label is keyof typeof TEXTS {
  return Object.hasOwn(TEXTS, label);
}
