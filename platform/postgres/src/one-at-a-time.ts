/**
 * Many ask, one question is on its way. Whoever asks meanwhile shares the answer to the next one, which begins after they
 * asked; so no answer is older than the wish for it.
 */
export function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const begin = (): Promise<T> => {
    next = undefined;
    const asked = ask().finally(() => {
      if (current === asked) current = undefined;
    });
    current = asked;
    return asked;
  };

  return () => {
    if (current === undefined) return begin();
    // Both ways: a question that failed says nothing about the next one.
    next ??= current.then(begin, begin);
    return next;
  };
}
