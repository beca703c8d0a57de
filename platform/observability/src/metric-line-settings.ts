import { type Environment, Fault, readSettings, settingTable } from '@florin/primitives';

/** Metrics as lines, for CloudWatch; every process reads these. `/metrics` is there in any case. */
export const METRIC_LINE_SETTINGS = settingTable({
  FLORIN_METRICS_EMF: {
    meaning: 'where metrics are written as lines in the embedded metric format of CloudWatch: `stdout`, or a file',
    otherwise: 'nowhere',
  },
  FLORIN_METRICS_EMF_SECONDS: { meaning: 'how often', default: '60' },
  FLORIN_CLOUDWATCH_LOG_GROUP: {
    meaning:
      'the log group of CloudWatch Logs that these lines are sent to as well; it must exist. Region and credentials are those of the AWS SDK (`AWS_REGION` and so on)',
    otherwise: 'they are not sent',
  },
  FLORIN_CLOUDWATCH_ENDPOINT: { meaning: 'where CloudWatch Logs answers', otherwise: 'at AWS, in that region' },
});

export interface MetricLineSettings {
  readonly everyMs: number;
  /** `stdout`, or the path of a file. */
  readonly target: string | undefined;
  readonly logGroup: string | undefined;
  readonly endpoint: string | undefined;
}

const SECONDS_MAX = 3_600;

/** Reads where metrics are written; undefined when nowhere. Faults with `setting-invalid`, naming the variable. */
export function readMetricLines(environment: Environment): MetricLineSettings | undefined {
  const settings = readSettings(METRIC_LINE_SETTINGS, environment);
  const target = settings.FLORIN_METRICS_EMF || undefined;
  const logGroup = settings.FLORIN_CLOUDWATCH_LOG_GROUP || undefined;
  const endpoint = settings.FLORIN_CLOUDWATCH_ENDPOINT || undefined;
  if (target === undefined && logGroup === undefined) return undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new Fault('setting-invalid', 'the setting FLORIN_CLOUDWATCH_ENDPOINT must be an address');
  }
  const seconds = Number(settings.FLORIN_METRICS_EMF_SECONDS);
  if (!(seconds >= 1 && seconds <= SECONDS_MAX)) {
    throw new Fault('setting-invalid', `the setting FLORIN_METRICS_EMF_SECONDS must be from 1 to ${SECONDS_MAX}`);
  }
  return { everyMs: seconds * 1_000, target, logGroup, endpoint };
}
