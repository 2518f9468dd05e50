/** Writes to a response at the pace of its client. */
import type { ServerResponse } from 'node:http'

/** Settles when more can be written. */
export async function writeResponse(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (response.write(bytes) || response.closed) return
  await new Promise<void>((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      response.off('close', settle)
      resolve()
    }
    response.on('drain', settle)
    response.on('close', settle)
  })
}
