/** Reads the bodies of requests. */
import type { IncomingMessage } from 'node:http'

/** Bytes. Longer bodies are read, but not kept. */
const MAX_BODY = 16 * 1024 * 1024

/** The body; undefined if it is too long. Rejects if the client disconnects. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size <= MAX_BODY) pieces.push(piece)
  }
  return size <= MAX_BODY ? Buffer.concat(pieces) : undefined
}
