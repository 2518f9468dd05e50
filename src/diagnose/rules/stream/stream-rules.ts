/** Rules about event streams and other streams over HTTP, and about how connections open. */
import type { Rule } from '../../rule.ts'
import { bufferedStream, compressorHolds } from './buffered-stream.ts'
import { cacheableStream } from './cacheable-stream.ts'
import { cachedStream } from './cached-stream.ts'
import { insecure } from './insecure.ts'
import { noEventId } from './no-event-id.ts'
import { noHeartbeat } from './no-heartbeat.ts'
import { resumeIgnored } from './resume-ignored.ts'
import { sixConnections } from './six-connections.ts'
import { slowFirstByte } from './slow-first-byte.ts'
import { streamRestarts } from './stream-restarts.ts'
import { wrongType } from './wrong-type.ts'

export const STREAM_RULES: readonly Rule[] = [
  bufferedStream,
  compressorHolds,
  cachedStream,
  noEventId,
  resumeIgnored,
  streamRestarts,
  noHeartbeat,
  slowFirstByte,
  sixConnections,
  wrongType,
  cacheableStream,
  insecure,
]
