/** The address of a collector of OpenTelemetry. */
import { Failure } from '../../shared/failure.ts'

/** Checks the URL of a collector. Throws a `Failure`. */
export function otlpUrl(text: string): string {
  if (URL.canParse(text)) {
    const { protocol, search, hash } = new URL(text)
    if (/^https?:$/.test(protocol) && search === '' && hash === '') return text
  }
  throw new Failure('BAD_VALUE', 'It must be the URL of a collector, such as http://localhost:4318.')
}

/** The URL for a signal, below that of the collector (OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP"). */
export function signalUrl(collector: string, signal: 'traces' | 'metrics'): string {
  return `${collector.replace(/\/+$/, '')}/v1/${signal}`
}
