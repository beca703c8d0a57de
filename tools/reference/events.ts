import { type EventContract, eventContracts } from '@florin/contracts';
import { type JsonSchema, toJsonSchema } from '@florin/http';
import { code, GENERATED, page, table } from './markdown.ts';

/** The page about events: a table of the topics, then the data of each. */
export function eventsPage(): string {
  return page(
    '# Events',
    GENERATED,
    'Every event is a [CloudEvents 1.0](https://cloudevents.io) event: `type` is the topic, `subject` the key, `data` what ' +
      'is listed here. How they travel is in [events](../concepts/events.md); the same for programs is in ' +
      '[events.asyncapi.json](events.asyncapi.json) (AsyncAPI 3.0).',
    table(
      ['topic', 'sent by', 'key', 'says'],
      eventContracts.map(({ topic, producers, key, summary }: EventContract) => [
        code(topic),
        producers.join(', '),
        code(key),
        summary,
      ]),
    ),
    ...eventContracts.flatMap(describeData),
  );
}

function describeData({ topic, data }: EventContract): string[] {
  return [`## ${topic}`, table(['field', 'type', 'remarks'], fieldsOf(toJsonSchema(data), ''))];
}

/** The fields of an object, those of the objects in it below it: `lines[].kind`. */
function fieldsOf(schema: JsonSchema, prefix: string): string[][] {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>);
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  return properties.flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const items = property['items'] as JsonSchema | undefined;
    const inner = items === undefined ? fieldsOf(property, `${path}.`) : fieldsOf(items, `${path}[].`);
    const remarks = [required.has(name) ? '' : 'may be absent', (property['description'] ?? '') as string];
    return [[code(path), typeOf(property), remarks.filter((remark) => remark !== '').join('; ')], ...inner];
  });
}

function typeOf(schema: JsonSchema): string {
  const { type, format, enum: values, anyOf, items } = schema;
  if (Array.isArray(values)) return values.map((value) => code(String(value))).join(', ');
  if (Array.isArray(anyOf)) return anyOf.map(typeOf).join(' or ');
  if (items !== undefined) return `list of ${typeOf(items as JsonSchema)}`;
  return typeof format === 'string' ? format : String(type);
}
