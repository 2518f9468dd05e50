/** Which framing a body has, and the parser of each framing. */
import type { Framing } from '../shared/spec.ts'
import { DockerParser } from './docker.ts'
import { GrpcParser, isGrpcType } from './grpc.ts'
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
/** Types that Docker before API 1.42 also uses for frames. Its logs have no type, or the one that Go detects. */
const UNTYPED_DOCKER: ReadonlySet<string> = new Set([DOCKER_RAW, 'application/octet-stream', ''])
/** The types of lines, and of a language model's text, which arrives in pieces. */
const TEXT_TYPES = 'text/*'
/** The types of one JSON text or of many: Kubernetes watches, CouchDB feeds and Docker events use the first, too. */
const JSON_TYPES: readonly string[] = ['application/json', 'text/json', '*+json']

/** Media types; `*` stands for any beginning or end of the name. The first match counts. */
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
  ['application/json-seq', 'json-seq', true],
  ['application/geo+json-seq', 'json-seq', true],
  ['multipart/*', 'multipart', true],
  [DOCKER_FRAMES, 'length-prefixed', true],
  [DOCKER_RAW, 'raw', true],
  // Playlists are text that refers to media.
  ['audio/mpegurl', 'lines', false],
  ['audio/x-mpegurl', 'lines', false],
  ['audio/*', 'raw', true],
  ['video/*', 'raw', true],
  ['image/*', 'raw', true],
  ['application/ogg', 'raw', true],
  ['application/mp4', 'raw', true],
  // AWS: binary messages that a decoder finds.
  ['application/vnd.amazon.eventstream', 'raw', true],
  // Frames in Base64, which a decoder reads.
  ['application/grpc-web-text*', 'raw', true],
  ...JSON_TYPES.map((type) => [type, 'ndjson', false] as const),
  // Pages and documents, which are of use as a whole.
  ['text/html', 'raw', false],
  ['text/xml', 'raw', false],
  // SockJS streams lines by this type.
  ['application/javascript', 'lines', false],
  [TEXT_TYPES, 'lines', false],
]

export interface FramingChoice {
  readonly framing: KnownFraming
  /** Whether the type alone shows that the body is a stream. */
  readonly stream: boolean
}

/** The framing of a `Content-Type`; `raw` if the type does not determine one. */
export function framingOf(contentType: string | undefined): FramingChoice {
  const { essence } = parseMediaType(contentType ?? '')
  if (isGrpcType(essence)) return { framing: 'grpc', stream: true }
  const entry = TYPES.find(([type]) => matches(essence, type))
  return { framing: entry?.[1] ?? 'raw', stream: entry?.[2] ?? false }
}

function matches(essence: string, type: string): boolean {
  if (type.endsWith('*')) return essence.startsWith(type.slice(0, -1))
  return type.startsWith('*') ? essence.endsWith(type.slice(1)) : essence === type
}

type Make = (type: MediaType, options: ParserOptions, sink: RecordSink) => RecordParser

const PARSERS: Readonly<Record<KnownFraming, Make>> = {
  sse: (_type, options, sink) => new SseParser(options, sink),
  lines: ({ essence }, options, sink) =>
    new LineParser({ ...options, pieces: options.isGuess === true && matches(essence, TEXT_TYPES) }, sink),
  // In JSON of these types, a text may span several lines.
  ndjson: ({ essence }, options, sink) =>
    !framingOf(essence).stream && JSON_TYPES.some((type) => matches(essence, type))
      ? new JsonSeqParser({ ...options, pieces: options.isGuess === true }, sink)
      : new NdjsonParser(options, sink),
  'json-seq': (_type, options, sink) => new JsonSeqParser(options, sink),
  multipart: ({ parameters }, options, sink) =>
    new MultipartParser({ ...options, boundary: parameters.get('boundary') }, sink),
  'length-prefixed': ({ essence }, options, sink) =>
    new LengthPrefixedParser({ ...options, docker: essence === DOCKER_FRAMES }, sink),
  grpc: (_type, options, sink) => new GrpcParser(options, sink),
  raw: ({ essence }, options, sink) =>
    options.isGuess && UNTYPED_DOCKER.has(essence)
      ? new DockerParser({ ...options, mayBeInput: essence === DOCKER_RAW }, sink)
      : new RawParser(sink),
}

/** Creates the parser of a framing. The `Content-Type` may contain parameters that the framing needs. */
export function createParser(
  framing: KnownFraming,
  contentType: string | undefined,
  options: ParserOptions,
  sink: RecordSink,
): RecordParser {
  return PARSERS[framing](parseMediaType(contentType ?? ''), options, sink)
}
