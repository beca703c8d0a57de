import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly links?: readonly { readonly spanId: string }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A span as it came, and the `service.name` of the process that sent it. */
export interface ReceivedSpan extends OtlpSpan {
  readonly process: string;
}

/** What a bank sends its traces to, in a test: OTLP/HTTP, JSON, on loopback. */
export interface OtlpReceiver {
  readonly endpoint: string;
  /** Everything that came, in the order it came. */
  readonly spans: readonly ReceivedSpan[];
  traceOf(traceId: string): readonly ReceivedSpan[];
  close(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    json(request)
      .then((body) => {
        if (request.url === '/v1/traces') spans.push(...spansOf(body as OtlpRequest));
        response.setHeader('content-type', 'application/json').end('{}');
      })
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    traceOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resourceSpans }: OtlpRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const process = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, process })));
  });
}

/** A trace as lines, each span under its parent, in the order of their names; whose a request is stands behind it. */
export function treeOf(trace: readonly ReceivedSpan[]): readonly string[] {
  const known = new Set(trace.map(({ spanId }) => spanId));
  const under = (parentId: string | undefined, depth: number): string[] =>
    trace
      .filter(({ parentSpanId }) =>
        parentId === undefined ? parentSpanId === undefined || !known.has(parentSpanId) : parentSpanId === parentId,
      )
      .toSorted((left, right) => left.name.localeCompare(right.name))
      .flatMap((span) => [`${'  '.repeat(depth)}${titleOf(span)}`, ...under(span.spanId, depth + 1)]);
  return under(undefined, 0);
}

function titleOf({ name, attributes }: ReceivedSpan): string {
  const service = attributes.find(({ key }) => key === 'florin.service')?.value.stringValue;
  return service === undefined ? name : `${name} (${service})`;
}
