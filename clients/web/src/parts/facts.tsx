import type { Money } from '@florin/sdk';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Amount } from './amount.tsx';

/** Amounts with their names, the main one large; a `Figure` each. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <div className="figures-frame">
      <dl className="figures">{children}</dl>
    </div>
  );
}

interface FigureProps {
  readonly label: string;
  readonly money: Money;
  /** What it means, where the name alone leaves a question. */
  readonly hint?: string | undefined;
  readonly isMain?: boolean;
}

export function Figure({ label, money, hint, isMain = false }: FigureProps) {
  return (
    <div className={isMain ? 'figure figure-main' : 'figure'}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <dd>
        <Amount money={money} fw={isMain ? 700 : 600} className="amount figure-amount" />
        {hint !== undefined && (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        )}
      </dd>
    </div>
  );
}

/** What is known of a thing, name beside value; a `Fact` each. Long values stand below their names on a phone. */
export function Facts({ children, isLong = false }: { readonly children: ReactNode; readonly isLong?: boolean }) {
  return <dl className={isLong ? 'facts' : 'facts facts-beside'}>{children}</dl>;
}

export function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm">
        {children}
      </Text>
    </div>
  );
}
