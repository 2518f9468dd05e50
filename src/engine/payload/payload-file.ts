/** Saves payloads as files, and proposes names for them. */
import { open } from 'node:fs/promises'
import type { Log } from '../../capture/recording.ts'
import { writeWhole } from '../../session/whole-file.ts'
import { typeOf } from '../../shared/event-columns.ts'
import { Failure } from '../../shared/failure.ts'
import { SNIFF_BYTES, sniffMedia } from '../../shared/media.ts'
import type { StreamPiece } from '../../shared/protocol/payloads.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import { connectionOf, requireKept } from './connection-events.ts'
import { documentOf, wholePayload } from './document.ts'
import { readStream, streamStart } from './stream.ts'

/** Bytes read at once. */
const PIECE = 4 * 1024 * 1024
/** Maximum size in bytes of a payload whose language is detected. */
const MAX_LOOKED_AT = 1024 * 1024

const EXTENSIONS = { json: 'json', xml: 'xml', html: 'html', plaintext: 'txt' } as const

/** A name for a file of the payload or of the whole stream. It is valid on every file system. */
export function fileName(capture: Log, decoding: SessionDecoding, index: number, whole: boolean): string {
  requireKept(capture, index)
  if (whole) {
    const connection = connectionOf(capture, index)
    const { bytes } = readStream(capture, connection, streamStart(capture, index), SNIFF_BYTES)
    return `stream-${connection}.${sniffMedia(bytes)?.extension ?? 'bin'}`
  }
  const name = nameAt(capture, decoding, index)
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${name || 'payload'}-${index + 1}.${extension(capture, index)}`
}

function nameAt(capture: Log, decoding: SessionDecoding, index: number): string {
  const { kind, eventName } = capture.row(index)
  if (typeOf(kind) !== 'message') return typeOf(kind)
  return capture.eventNames[eventName] || decoding.nameOf(index)
}

function extension(capture: Log, index: number): string {
  const media = sniffMedia(capture.payload(index, SNIFF_BYTES) ?? new Uint8Array(0))
  if (media !== undefined) return media.extension
  if (capture.row(index).size > MAX_LOOKED_AT) return 'bin'
  try {
    return EXTENSIONS[documentOf(capture, index, false).language]
  } catch (thrown) {
    if (thrown instanceof Failure) return 'bin'
    throw thrown
  }
}

/** Writes the file completely or not at all. Rejects with a `Failure`. */
export async function savePayload(
  capture: Log,
  index: number,
  whole: boolean,
  path: string,
): Promise<{ size: number; lost: boolean }> {
  const pieces = whole ? streamPieces(capture, index) : payloadPieces(capture, index)
  let size = 0
  let lost = false
  await writeWhole(path, async (partial) => {
    const file = await open(partial, 'w')
    try {
      for (const piece of pieces) {
        lost ||= piece.lost
        size += piece.bytes.length
        await file.writeFile(piece.bytes)
      }
    } finally {
      await file.close()
    }
  })
  return { size, lost }
}

type Piece = Pick<StreamPiece, 'bytes' | 'lost'>

function* payloadPieces(capture: Log, index: number): Generator<Piece> {
  yield { bytes: wholePayload(capture, index, Number.POSITIVE_INFINITY), lost: false }
}

function* streamPieces(capture: Log, index: number): Generator<Piece> {
  const { generation } = capture
  const connection = connectionOf(capture, index)
  for (let from = streamStart(capture, index); ; ) {
    if (capture.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being saved; nothing was written.')
    const piece = readStream(capture, connection, from, PIECE)
    yield piece
    if (piece.atEnd || piece.reopened) return
    from = piece.next
  }
}
