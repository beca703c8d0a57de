import { UnstyledButton } from '@mantine/core';
import { Ellipsis } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import { useTranslation } from 'react-i18next';

type Props = Omit<ComponentPropsWithRef<'button'>, 'style'> & { readonly isBehind: boolean };

/** The tab behind which the places are that no tab is left for; marked when one is at one of them. */
export function MoreButton({ isBehind, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <UnstyledButton {...props} className="tab" {...(isBehind && ACTIVE)}>
      <Ellipsis size={22} aria-hidden />
      <span>{t('more')}</span>
    </UnstyledButton>
  );
}

/** As the router marks a link that leads to where one is. */
const ACTIVE = { 'aria-current': 'page', 'data-status': 'active' } as const;
