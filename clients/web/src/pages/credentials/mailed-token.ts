import { useEffect, useState } from 'react';

/** The token behind the `#` of the address, which no server is sent; taken out of it, so that it does not stay in sight. */
export function useMailedToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}
