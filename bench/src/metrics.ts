/** What is served on the bank's internal port, in Prometheus' text format. */
export async function readMetrics(internalPort: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${internalPort}/metrics`);
  if (!answer.ok) throw new Error(`the bank's metrics answered ${answer.status}`);
  return answer.text();
}

const LINE = /^([a-z_]+)(?:\{([^}]*)\})? ([0-9.e+]+)$/gm;

/** The sum of a counter over those of its series whose labels are wanted; 0 when there is none. */
export function sumOf(text: string, counter: string, isWanted: (labels: string) => boolean = () => true): number {
  let sum = 0;
  for (const [, name, labels = '', value] of text.matchAll(LINE)) {
    if (name === counter && isWanted(labels)) sum += Number(value);
  }
  return sum;
}
