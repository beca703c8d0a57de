import { lazy } from 'react';
import { MenuOnDemand } from '../parts/menu-on-demand.tsx';
import { UserButton } from './user-button.tsx';

const load = () => import('./opened-user-menu.tsx');
const OpenedUserMenu = lazy(async () => ({ default: (await load()).OpenedUserMenu }));

/** Who is signed in, and what concerns the person rather than the money. */
export function UserMenu() {
  return (
    <MenuOnDemand load={load} renderButton={(opening) => <UserButton {...opening} />}>
      <OpenedUserMenu />
    </MenuOnDemand>
  );
}
