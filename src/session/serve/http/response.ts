import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/** A recorded status as one that can be answered with. */
export function statusOf(status: number | undefined): number {
  return status !== undefined && status >= 200 && status <= 599 ? status : 200
}

/** Ends the connection in the middle of the response. */
export function breakOff(response: ServerResponse, reset = false): void {
  if (reset && response.socket instanceof Socket) response.socket.resetAndDestroy()
  else response.destroy()
}
