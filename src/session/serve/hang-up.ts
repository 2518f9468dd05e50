import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds for a client to read what came before a reset, which throws away what is not read. */
const READING = 50

/** Ends a connection without a word once what was written to it is on its way; with a TCP reset where asked. */
export async function hangUp(socket: Duplex, reset = false): Promise<void> {
  // What an HTTP response holds back for this turn is written first.
  await new Promise<void>((resolve) => setImmediate(resolve))
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.write('', () => resolve()))
  if (reset) await delay(READING)
  if (reset && socket instanceof Socket) socket.resetAndDestroy()
  else socket.destroy()
}
