import { useHasRole, useSession } from '../session/use-bank.ts';
import { AppFrame } from '../shell/app-frame.tsx';
import { STAFF_DESTINATIONS } from '../shell/navigation.ts';
import { ForbiddenPage } from './forbidden-page.tsx';
import { NeedsSignIn } from './needs-sign-in.tsx';

/** The frame of the staff console. */
export function StaffFrame() {
  return (
    <NeedsSignIn>
      <ForStaff />
    </NeedsSignIn>
  );
}

function ForStaff() {
  const { kind } = useSession();
  const isStaff = useHasRole(
    'teller',
    'supervisor',
    'loan-officer',
    'credit-approver',
    'fraud-analyst',
    'auditor',
    'admin',
  );
  if (kind === 'signed-in' && !isStaff) return <ForbiddenPage />;
  return <AppFrame destinations={STAFF_DESTINATIONS} />;
}
