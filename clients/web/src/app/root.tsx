import { Outlet } from '@tanstack/react-router';
import { IdleDialog } from './idle-dialog.tsx';
import { SessionOverDialog } from './session-over-dialog.tsx';

/** What stands around every page, signed in or not. */
export function Root() {
  return (
    <>
      <Outlet />
      <SessionOverDialog />
      <IdleDialog />
    </>
  );
}
