/** OpenTelemetry's SDK, set up to send to one collector, within limits and without getting in the way of a capture. */
import { diag, type Meter, type Tracer } from '@opentelemetry/api'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { VERSION } from '../../session/generator.ts'
import { signalUrl } from './endpoint.ts'

const NAME = 'realtime-inspector'
/** Milliseconds between exports of metrics, and for one export. */
const METRICS_INTERVAL = 10_000
const EXPORT_TIMEOUT = 5000
/** Milliseconds that the program waits at its end for what was not sent yet. */
const LAST_EXPORT = 8000
/** Spans that wait to be sent. */
const MAX_QUEUE = 4096

export interface Telemetry {
  readonly tracer: Tracer
  readonly meter: Meter
  /** Sends what waits, for some seconds at most. Resolves with the number of spans that did not arrive. */
  close(): Promise<number>
}

/** Counts the spans that the collector accepts. */
class CountingExporter extends OTLPTraceExporter {
  sent = 0

  override export(spans: ReadableSpan[], done: Parameters<OTLPTraceExporter['export']>[1]): void {
    super.export(spans, (result) => {
      if (result.code === 0) this.sent += spans.length
      done(result)
    })
  }
}

/** Starts to send. `failed` is called with each error of an export. */
export function startTelemetry(collector: string, failed: (error: unknown) => void): Telemetry {
  // It would write warnings to standard output.
  diag.disable()
  setGlobalErrorHandler(failed)
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': NAME, 'service.version': VERSION }))
    .merge(detectResources({ detectors: [envDetector] }))
  const exporter = new CountingExporter({
    url: signalUrl(collector, 'traces'),
    timeoutMillis: EXPORT_TIMEOUT,
  })
  let ended = 0
  const batches = new BatchSpanProcessor(exporter, {
    maxQueueSize: MAX_QUEUE,
    exportTimeoutMillis: EXPORT_TIMEOUT,
  })
  const counter = {
    onStart: () => {},
    onEnd: () => void ended++,
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const tracers = new BasicTracerProvider({ resource, spanProcessors: [batches, counter] })
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({
          url: signalUrl(collector, 'metrics'),
          timeoutMillis: EXPORT_TIMEOUT,
        }),
        exportIntervalMillis: METRICS_INTERVAL,
        exportTimeoutMillis: EXPORT_TIMEOUT,
      }),
    ],
  })
  return {
    tracer: tracers.getTracer(NAME, VERSION),
    meter: meters.getMeter(NAME, VERSION),
    async close() {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LAST_EXPORT)
      })
      const last = Promise.allSettled([tracers.shutdown(), meters.shutdown()])
      await Promise.race([last, limit])
      clearTimeout(timer)
      return ended - exporter.sent
    },
  }
}
