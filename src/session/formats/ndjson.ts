/** Messages as one JSON object a line, for jq and its like; a payload that is JSON is part of the line's JSON. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../capture/recording.ts'
import type { MessageEvent } from '../../shared/event.ts'
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
  // JSON as it was written, so that no digit of a long number is lost. Line ends in it are white space only.
  if (encoding === 'json')
    yield Buffer.from(payload)
      .toString()
      .replaceAll(/[\r\n]+/g, ' ')
  else yield* stringPieces(payload, encoding === 'text')
  yield '}'
}

function encodingOf(payload: Uint8Array): 'json' | 'text' | 'base64' {
  if (!isUtf8(payload)) return 'base64'
  return isJson(textOf(payload)) ? 'json' : 'text'
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // A text then.
    return false
  }
}
