/** Which framing a body has, and the parser for each. */
import type { Framing } from '../shared/spec.ts'
import { DockerParser } from './docker.ts'
import { JsonSeqParser } from './json-seq.ts'
import { LengthPrefixedParser } from './length-prefixed.ts'
import { LineParser, NdjsonParser } from './lines.ts'
import { type MediaType, parseMediaType } from './media-type.ts'
import { MultipartParser } from './multipart.ts'
import { RawParser } from './raw.ts'
import type { ParserOptions, RecordParser, RecordSink } from './record.ts'
import { SseParser } from './sse.ts'

export type KnownFraming = Exclude<Framing, 'auto'>

const DOCKER_FRAMES = 'application/vnd.docker.multiplexed-stream'
const DOCKER_RAW = 'application/vnd.docker.raw-stream'
/** What Docker before API 1.42 calls frames, too; of its logs it says nothing, or what Go takes the first bytes for. */
const UNTYPED_DOCKER: ReadonlySet<string> = new Set([DOCKER_RAW, 'application/octet-stream', ''])
/** Of lines, or of what a language model has to say, in pieces. */
const TEXT_TYPE = 'text/plain'
/** Of one JSON text, or of many: watches of Kubernetes, CouchDB's feeds and Docker's events have no type of their own. */
const JSON_TYPE = 'application/json'

/** Media types by name, or by the part of the name before `*`; the first that fits counts. */
const TYPES: readonly (readonly [type: string, framing: KnownFraming, stream: boolean])[] = [
  ['text/event-stream', 'sse', true],
  ['application/x-ndjson', 'ndjson', true],
  ['application/ndjson', 'ndjson', true],
  ['application/jsonl', 'ndjson', true],
  ['application/x-jsonl', 'ndjson', true],
  ['application/jsonlines', 'ndjson', true],
  ['application/x-jsonlines', 'ndjson', true],
  ['application/json-lines', 'ndjson', true],
  ['application/x-json-lines', 'ndjson', true],
  ['application/stream+json', 'ndjson', true],
  ['application/x-json-stream', 'ndjson', true],
  ['application/json-stream', 'ndjson', true],
  [JSON_TYPE, 'ndjson', false],
  ['application/json-seq', 'json-seq', true],
  ['application/geo+json-seq', 'json-seq', true],
  ['multipart/*', 'multipart', true],
  [DOCKER_FRAMES, 'length-prefixed', true],
  [DOCKER_RAW, 'raw', true],
  // Playlists are text that names media, not media.
  ['audio/mpegurl', 'lines', false],
  ['audio/x-mpegurl', 'lines', false],
  ['audio/*', 'raw', true],
  ['video/*', 'raw', true],
  ['image/*', 'raw', true],
  ['application/ogg', 'raw', true],
  ['application/mp4', 'raw', true],
  [TEXT_TYPE, 'lines', false],
]

export interface FramingChoice {
  readonly framing: KnownFraming
  /** The type by itself says that the body is a stream. */
  readonly stream: boolean
}

/** The framing that goes with a `Content-Type`; `raw` where the type says nothing of it. */
export function framingOf(contentType: string | undefined): FramingChoice {
  const { essence } = parseMediaType(contentType ?? '')
  const entry = TYPES.find(([type]) =>
    type.endsWith('*') ? essence.startsWith(type.slice(0, -1)) : essence === type,
  )
  return { framing: entry?.[1] ?? 'raw', stream: entry?.[2] ?? false }
}

type Make = (type: MediaType, options: ParserOptions, sink: RecordSink) => RecordParser

const PARSERS: Readonly<Record<KnownFraming, Make>> = {
  sse: (_type, options, sink) => new SseParser(options, sink),
  lines: ({ essence }, options, sink) =>
    new LineParser({ ...options, pieces: options.isGuess === true && essence === TEXT_TYPE }, sink),
  // A text may there have lines of its own.
  ndjson: ({ essence }, options, sink) =>
    essence === JSON_TYPE
      ? new JsonSeqParser({ ...options, pieces: options.isGuess === true }, sink)
      : new NdjsonParser(options, sink),
  'json-seq': (_type, options, sink) => new JsonSeqParser(options, sink),
  multipart: ({ parameters }, options, sink) =>
    new MultipartParser({ ...options, boundary: parameters.get('boundary') }, sink),
  'length-prefixed': ({ essence }, options, sink) =>
    new LengthPrefixedParser({ ...options, docker: essence === DOCKER_FRAMES }, sink),
  raw: ({ essence }, options, sink) =>
    options.isGuess && UNTYPED_DOCKER.has(essence)
      ? new DockerParser({ ...options, mayBeInput: essence === DOCKER_RAW }, sink)
      : new RawParser(sink),
}

/** A parser for a body with this framing; the `Content-Type` gives what the framing needs of it. */
export function createParser(
  framing: KnownFraming,
  contentType: string | undefined,
  options: ParserOptions,
  sink: RecordSink,
): RecordParser {
  return PARSERS[framing](parseMediaType(contentType ?? ''), options, sink)
}
