/** A proxy that passes everything on, and reports the realtime traffic among it. */
import { Failure } from '../shared/failure.ts'
import type { FaultSpec } from '../shared/faults.ts'
import type { ProxyOptions, ProxyStatus } from '../shared/protocol/traffic.ts'
import type { TrafficHost } from '../shared/traffic.ts'

export interface RecordingProxy {
  status(): ProxyStatus
  /** Replaces the faults of all connections, or of one. */
  setFaults(faults: readonly FaultSpec[], connection?: number): void
  /** Passes a held message on, with other bytes if they are given; null drops it. Throws `NO_MESSAGE`. */
  release(message: number, payload?: Uint8Array | null): void
  /** Ends every connection and stops listening. */
  stop(): Promise<void>
}

export interface ProxyHost extends TrafficHost {
  /** Called if the status may have changed. */
  changed(): void
}

/** Listens. Rejects with a `Failure` if that is not possible. */
export async function startRecordingProxy(
  _id: number,
  _options: ProxyOptions,
  _host: ProxyHost,
): Promise<RecordingProxy> {
  throw new Failure('NOT_YET', 'Not yet.')
}
