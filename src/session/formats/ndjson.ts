/** Messages as one JSON object per line, for tools such as jq. A JSON payload is part of the object. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../capture/recording.ts'
import { asBuffer } from '../../capture/search/event-text.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { isJson } from '../../shared/text/json-text.ts'
import { stringPieces } from '../line.ts'
import type { TextSink } from './text-file.ts'

/** Writes one line for each message. */
export async function writeNdjson(recording: Recording, out: TextSink): Promise<void> {
  for await (const events of recording.events())
    for (const event of events)
      if (event.type === 'message') {
        for (const piece of messagePieces(event)) await out.write(piece)
        await out.write('\n')
      }
}

/** `encoding` says what `data` is: the payload's JSON, its text, or base64. In pieces of bounded length. */
export function* messagePieces(message: MessageEvent): Generator<string> {
  const { time, connection, direction, event, id, payload, dropped } = message
  const head = JSON.stringify({ time, connection, direction, event, id }).slice(0, -1)
  if (dropped !== undefined) {
    yield `${head},"encoding":"none","size":${dropped},"data":null}`
    return
  }
  const encoding = encodingOf(payload)
  yield `${head},"encoding":"${encoding}","data":`
  // JSON is written unchanged, so that long numbers keep their digits. Line ends in JSON are white space.
  if (encoding === 'json')
    yield Buffer.from(payload)
      .toString()
      .replaceAll(/[\r\n]+/g, ' ')
  else yield* stringPieces(payload, encoding === 'text')
  yield '}'
}

function encodingOf(payload: Uint8Array): 'json' | 'text' | 'base64' {
  if (!isUtf8(payload)) return 'base64'
  return isJson(asBuffer(payload).toString()) ? 'json' : 'text'
}
