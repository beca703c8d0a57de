import type { JournalDetail } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { LinkAnchor } from '../../parts/links.tsx';

interface LinkedJournal {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** Entries that belong to this one: what it takes back, what took it back, what its fee is. */
export function JournalLinks({ journal }: { readonly journal: JournalDetail }) {
  const { t } = useTranslation('journals');
  const linked = useLinked(journal);
  if (linked.length === 0) return null;
  return (
    <Card title={t('links')}>
      <Facts>
        {linked.map(({ id, label, text }) => (
          <Fact key={id} label={label}>
            <LinkAnchor to="/staff/journals/$journalId" params={{ journalId: id }} size="sm">
              {text}
            </LinkAnchor>
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

function useLinked({ kind, reversalOf, reversedBy, parentId, children }: JournalDetail): LinkedJournal[] {
  const { t } = useTranslation('journals');
  const locale = useLocale();
  const linked: LinkedJournal[] = [];
  const add = (id: string | undefined, label: string) => {
    if (id !== undefined) linked.push({ id, label, text: t('theEntry') });
  };
  add(reversalOf, t('reversalOf'));
  add(reversedBy, t('reversedBy'));
  // A capture belongs to a hold, which is no entry.
  if (kind === 'fee') add(parentId, t('parent'));
  for (const child of children) {
    const name = t(`kind.${child.kind}`);
    linked.push({
      id: child.id,
      label: t('child', { kind: name }),
      text: t('titleOf', { kind: name, amount: formatMoney(child.amount, locale) }),
    });
  }
  return linked;
}
