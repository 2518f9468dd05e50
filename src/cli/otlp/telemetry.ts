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
/** Milliseconds for one export, as the standard variable says. */
const EXPORT_TIMEOUT = Number(process.env.OTEL_EXPORTER_OTLP_TIMEOUT) || 5000
/** Milliseconds after which one that did not end is given up. The exporter says before that why it failed. */
const PATIENCE = EXPORT_TIMEOUT + 2000
/** Milliseconds between exports of metrics. */
const METRICS_INTERVAL = Math.max(10_000, PATIENCE)
/** Milliseconds that the program waits at its end for what was not sent yet. */
const LAST_EXPORT = EXPORT_TIMEOUT + 3000
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
  readonly #failed: (error: unknown) => void

  constructor(collector: string, failed: (error: unknown) => void) {
    super({ url: signalUrl(collector, 'traces'), timeoutMillis: EXPORT_TIMEOUT })
    this.#failed = failed
  }

  override export(spans: ReadableSpan[], done: Parameters<OTLPTraceExporter['export']>[1]): void {
    super.export(spans, (result) => {
      if (result.code === 0) this.sent += spans.length
      else this.#failed(result.error)
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
  const exporter = new CountingExporter(collector, failed)
  let ended = 0
  const batches = new BatchSpanProcessor(exporter, {
    maxQueueSize: MAX_QUEUE,
    exportTimeoutMillis: PATIENCE,
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
        exportTimeoutMillis: PATIENCE,
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
