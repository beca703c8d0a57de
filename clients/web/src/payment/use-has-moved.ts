import { useState } from 'react';

/** Whether a step other than the first of this visit is, or was, shown: from then on the focus follows the steps. */
export function useHasMoved(step: string): boolean {
  const [first] = useState(step);
  const [hasMoved, setHasMoved] = useState(false);
  if (!hasMoved && step !== first) setHasMoved(true);
  return hasMoved || step !== first;
}
