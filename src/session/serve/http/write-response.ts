/** Writes to a response at the pace of its client. */
import type { ServerResponse } from 'node:http'
import { drained } from '../blocks/play-blocks.ts'

/** Settles when more can be written. */
export async function writeResponse(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (!response.write(bytes)) await drained(response)
}
