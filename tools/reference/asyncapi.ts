import { type EventContract, eventContracts } from '@florin/contracts';
import { type JsonSchema, toJsonSchema } from '@florin/http';

/** The events of the bank as an AsyncAPI 3.0 document. */
export function asyncApiText(): string {
  return `${JSON.stringify(asyncApiDocument(eventContracts), null, 2)}\n`;
}

/**
 * Describes events (https://www.asyncapi.com/docs/reference/specification/v3.0.0): a channel for each topic, an operation
 * for each service that sends to it, and its message, a CloudEvents 1.0 event in the JSON form.
 */
function asyncApiDocument(contracts: readonly EventContract[]): JsonSchema {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Florin: events',
      version: '0.1.0',
      description:
        'What services tell each other happened. An event is written in the transaction that made it true and may come ' +
        'more than once; those of one key come in order.',
    },
    defaultContentType: CONTENT_TYPE,
    channels: Object.fromEntries(contracts.map((contract) => [contract.topic, channelOf(contract)])),
    operations: Object.fromEntries(contracts.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(contracts.map((contract) => [contract.topic, messageOf(contract)])),
      schemas: {
        CloudEvent: CLOUD_EVENT,
        ...Object.fromEntries(contracts.map((contract) => [contract.topic, toJsonSchema(contract.data)])),
      },
    },
  };
}

const CONTENT_TYPE = 'application/cloudevents+json';

/** CloudEvents 1.0, JSON event format; `traceparent` is of its distributed tracing extension. */
const CLOUD_EVENT: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', description: 'Unique within the topic; the same event always carries the same id.' },
    source: { type: 'string', format: 'uri-reference', description: 'The service that says it.' },
    type: { type: 'string', description: 'The topic.' },
    subject: { type: 'string', description: 'The key. Events of one key come in the order they happened.' },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    data: { type: 'object' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
  },
};

function channelOf({ topic, summary }: EventContract): JsonSchema {
  return { address: topic, description: summary, messages: { [topic]: reference('components', 'messages', topic) } };
}

function operationsOf({ topic, producers, summary }: EventContract): [string, JsonSchema][] {
  return producers.map((producer) => [
    `${producer}-sends-${topic}`,
    {
      action: 'send',
      channel: reference('channels', topic),
      summary,
      tags: [{ name: producer }],
      messages: [reference('channels', topic, 'messages', topic)],
    },
  ]);
}

function messageOf({ topic, key, summary }: EventContract): JsonSchema {
  return {
    name: topic,
    title: topic,
    summary,
    contentType: CONTENT_TYPE,
    payload: {
      allOf: [
        reference('components', 'schemas', 'CloudEvent'),
        {
          type: 'object',
          properties: {
            type: { const: topic },
            subject: { type: 'string', description: `The ${key}.` },
            data: reference('components', 'schemas', topic),
          },
        },
      ],
    },
  };
}

function reference(...steps: readonly string[]): JsonSchema {
  return { $ref: `#/${steps.join('/')}` };
}
