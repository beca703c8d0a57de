/** What a use case says happened. `data` must be plain JSON; `time` is RFC 3339 in UTC. */
export interface OutgoingEvent {
  readonly topic: string;
  /** Events of one key reach every consumer in the order they were written. */
  readonly key: string;
  /** Unique within the topic; the same event always carries the same id. */
  readonly id: string;
  readonly data: unknown;
  readonly time: string;
  /** W3C trace context; the active span's when absent. */
  readonly traceparent?: string;
  /** Names the piece of work it belongs to: the same for everything that follows from one beginning. */
  readonly correlationid?: string;
  /** The id of the event that this one follows from. */
  readonly causationid?: string;
}

/** A CloudEvents 1.0 event in its JSON form: `type` is the topic, `subject` the key. */
export interface CloudEvent<Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
  readonly traceparent?: string;
  /** Extension attributes (CloudEvents 1.0 section 3.1: lower-case names); absent where there is nothing to say. */
  readonly correlationid?: string;
  readonly causationid?: string;
}

/** A CloudEvent as a consumer gets it. It may come more than once. */
export interface ReceivedEvent<Data = unknown> extends CloudEvent<Data> {}
