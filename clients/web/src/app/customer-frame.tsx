import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { LandingPage } from '../pages/sign-in/landing-page.tsx';
import { useSession } from '../session/use-bank.ts';
import { AppFrame } from '../shell/app-frame.tsx';
import { CUSTOMER_DESTINATIONS, STAFF_DESTINATIONS } from '../shell/navigation.ts';
import { NeedsSignIn } from './needs-sign-in.tsx';

/** Pages about a person rather than their money, which members of staff have too. */
const FOR_EVERYONE = new Set(['/profile', '/sessions', '/security', '/consents']);

/** The frame of the customer's pages. The start is a page for strangers too, and members of staff start elsewhere. */
export function CustomerFrame() {
  const state = useSession();
  const { pathname } = useLocation();
  if (state.kind === 'signed-out' && pathname === '/') return <LandingPage />;
  const isOnlyStaff = state.kind === 'signed-in' && !state.user.roles.includes('customer');
  if (isOnlyStaff && !FOR_EVERYONE.has(pathname)) return <ToStaff />;
  return (
    <NeedsSignIn>
      <AppFrame destinations={isOnlyStaff ? STAFF_DESTINATIONS : CUSTOMER_DESTINATIONS} />
    </NeedsSignIn>
  );
}

/** Leaves once: the frame is drawn again while the other page loads, and going again each time would never arrive. */
function ToStaff() {
  const navigate = useNavigate();
  useEffect(() => void navigate({ to: '/staff', replace: true }), [navigate]);
  return null;
}
