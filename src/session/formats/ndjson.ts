/** Messages as one JSON object per line, for tools such as jq. A JSON payload is part of the object. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../capture/recording.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { timeText } from './bytes/byte-buffer.ts'
import { addPieces, addString, type ByteSink } from './bytes/byte-sink.ts'
import { isJsonBytes } from './bytes/json-scan.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d

/** Writes one line for each message. */
export async function writeNdjson(recording: Recording, out: ByteSink): Promise<void> {
  for await (const events of recording.events())
    for (const event of events) {
      if (event.type !== 'message') continue
      const writing = addMessage(out, event)
      if (writing !== undefined) await writing
      out.buffer.ascii('}\n')
      if (out.isFull) await out.flush()
    }
}

/**
 * Adds an object without its last brace. `encoding` says what `data` is: the payload's JSON, its text, or base64. Returns a
 * promise to wait for only if the payload is long.
 */
function addMessage(out: ByteSink, message: MessageEvent): Promise<void> | undefined {
  const { time, connection, direction, event, id, payload, dropped } = message
  const { buffer } = out
  buffer.ascii(`{"time":${timeText(time)},"connection":${connection},"direction":"${direction}"`)
  if (event !== undefined) buffer.text(`,"event":${JSON.stringify(event)}`)
  if (id !== undefined) buffer.text(`,"id":${JSON.stringify(id)}`)
  if (dropped !== undefined) {
    buffer.ascii(`,"encoding":"none","size":${dropped},"data":null`)
    return undefined
  }
  const encoding = encodingOf(payload)
  buffer.ascii(`,"encoding":"${encoding}","data":`)
  if (encoding !== 'json') return addString(out, payload, encoding === 'text')
  // JSON is written unchanged, so that long numbers keep their digits. Line ends in JSON are white space.
  if (!payload.includes(NEWLINE) && !payload.includes(RETURN))
    return addPieces(out, payload, (piece) => buffer.bytes(piece))
  const line = Buffer.from(payload)
    .toString('latin1')
    .replaceAll(/[\r\n]+/g, ' ')
  return addPieces(out, Buffer.from(line, 'latin1'), (piece) => buffer.bytes(piece))
}

function encodingOf(payload: Uint8Array): 'json' | 'text' | 'base64' {
  if (!isUtf8(payload)) return 'base64'
  return isJsonBytes(payload) ? 'json' : 'text'
}
