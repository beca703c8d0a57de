import { useTranslation } from 'react-i18next';
import { LinkMenuItem, OpeningMenu } from '../parts/opening-menu.tsx';
import { MoreButton } from './more-button.tsx';
import type { Destination } from './navigation.ts';

/** The places that no tab is left for. */
export function OpenedMore(props: { readonly destinations: readonly Destination[]; readonly isBehind: boolean }) {
  const { t } = useTranslation();
  return (
    <OpeningMenu position="top-end" renderButton={(target) => <MoreButton ref={target} isBehind={props.isBehind} />}>
      {props.destinations.map(({ to, label, icon: Icon }) => (
        <LinkMenuItem key={to} to={to} leftSection={<Icon size={18} aria-hidden />}>
          {t(label)}
        </LinkMenuItem>
      ))}
    </OpeningMenu>
  );
}
