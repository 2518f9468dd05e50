/** The output of `--otlp`: spans and metrics of the session, sent while it runs. */
import type { PayloadMasking } from '../../session/payload-masks.ts'
import { redactEvent } from '../../session/redact.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { plural } from '../../shared/text/quantities.ts'
import { shortened } from '../../shared/text/shortened.ts'
import type { PrintedDecoding } from '../printed-decoding.ts'
import { printNotice } from '../standard-error.ts'
import { ConnectionSpans } from './connection-spans.ts'
import { FirstAnswers } from './first-answers.ts'
import { startTelemetry } from './telemetry.ts'
import { TrafficMetrics } from './traffic-metrics.ts'

/** What the SDK puts around an error of the exporter. */
const OF_READER =
  /^PeriodicExportingMetricReader: metrics export failed \(error (?:\w{1,40}: )?(.{1,500})\)$/s
/** Characters of an error that is quoted. */
const MAX_QUOTED = 200

export interface OtlpOutput {
  readonly sink: EventSink
  close(): Promise<void>
}

/** Starts to send to the collector. If that fails, standard error says so once, and the capture goes on. */
export function openOtlp(
  collector: string,
  startedAt: Date,
  masking: PayloadMasking,
  decoding: PrintedDecoding,
): OtlpOutput {
  let isSaid = false
  const telemetry = startTelemetry(collector, (error) => {
    if (!isSaid) printNotice(failureOf(collector, error))
    isSaid = true
  })
  const first = new FirstAnswers()
  const spans = new ConnectionSpans(telemetry.tracer, startedAt)
  const metrics = new TrafficMetrics(telemetry.meter)
  return {
    sink: {
      append(event: RealtimeEvent): boolean {
        const redacted = redactEvent(event, masking)
        const answers = first.of(decoding.decode(event, redacted))
        spans.take(redacted, answers)
        metrics.take(redacted, answers)
        return true
      },
      onWritable: (callback) => queueMicrotask(callback),
    },
    async close() {
      spans.end()
      const lost = await telemetry.close()
      if (lost > 0)
        printNotice(
          `${plural(lost, 'span')} of the session ${lost === 1 ? 'was' : 'were'} not sent to ${maskUrl(collector)}; the session itself is not affected.`,
        )
    },
  }
}

/** An error of several addresses has no message of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [, cause] = OF_READER.exec(error.message) ?? []
  return cause || error.message || ('code' in error ? String(error.code) : error.name)
}

function failureOf(collector: string, error: unknown): string {
  const reason = reasonOf(error)
  return `Spans and metrics could not be sent to ${maskUrl(collector)} (${shortened(reason, MAX_QUOTED)}); check that a collector listens there for OTLP over HTTP. The capture goes on.`
}
