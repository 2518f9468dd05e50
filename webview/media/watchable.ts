/** Whether the stream of a connection can be watched, and how. */
import { type MediaKind, sniffMedia } from '../../src/shared/media.ts'

/**
 * `frames`: each message is a picture. `picture`: the stream is one picture, which grows. `playback`: the stream
 * is sound or video.
 */
export type WatchForm = 'frames' | 'picture' | 'playback'

export interface Watchable {
  readonly form: WatchForm
  readonly media: MediaKind
}

/** What is known about a stream: the fields of its `open` event, and the first bytes of its first message. */
export interface StreamHead {
  readonly transport: unknown
  readonly framing: unknown
  readonly contentType: string
  readonly beginning: Uint8Array
}

/** The transports whose messages may be media. */
export const WATCHED: ReadonlySet<unknown> = new Set(['websocket', 'http-stream'])

/** Decides by the bytes, or by the content type if the bytes start in the middle of something. */
export function watchableOf({
  transport,
  framing,
  contentType,
  beginning,
}: StreamHead): Watchable | undefined {
  if (!WATCHED.has(transport)) return undefined
  const isWhole = transport === 'http-stream' && framing === 'raw'
  const media = sniffMedia(beginning) ?? (isWhole ? mediaOfType(contentType) : undefined)
  if (media === undefined) return undefined
  if (media.kind === 'image') return { form: isWhole ? 'picture' : 'frames', media }
  return isWhole || transport === 'websocket' ? { form: 'playback', media } : undefined
}

function mediaOfType(contentType: string): MediaKind | undefined {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const [kind, subtype = ''] = type.split('/')
  if (kind !== 'image' && kind !== 'audio' && kind !== 'video') return undefined
  return { kind, type, extension: subtype.replace(/^x-|\+.*$/g, '') || 'bin' }
}

/** The value of a header field in an event's fields. */
export function headerOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const { headers } = fields
  if (typeof headers !== 'object' || headers === null) return ''
  for (const [key, value] of Object.entries(headers))
    if (key.toLowerCase() === name) return String(Array.isArray(value) ? value[0] : value)
  return ''
}
