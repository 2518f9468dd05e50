/** Compares a saved session with what the generator reports. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Sent } from '../harness/paced.ts'
import { sequenced } from '../load/sequenced.ts'

export interface Received {
  readonly count: number
  /** Of all payloads in order. */
  readonly hash: string
}

/** The messages of each connection in the file, by the connection's id. */
export async function readReceived(path: string): Promise<ReadonlyMap<number, Received>> {
  const found = new Map<number, { count: number; hash: ReturnType<typeof createHash> }>()
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (!line.startsWith('{"type":"message"')) continue
    const { connection, text } = JSON.parse(line) as { connection: number; text: string }
    const received = found.get(connection) ?? { count: 0, hash: createHash('sha256') }
    found.set(connection, received)
    received.count++
    received.hash.update(text)
  }
  return new Map([...found].map(([id, { count, hash }]) => [id, { count, hash: hash.digest('hex') }]))
}

/** Whether everything that was sent is in the file, byte for byte. */
export function isWhole(received: Received | undefined, sent: Sent): boolean {
  return received?.count === sent.count && received.hash === sent.hash
}

/** Whether the file has the beginning of what was sent, byte for byte, after a connection was cut. */
export function isBeginning(received: Received | undefined, sent: Sent, size: number): boolean {
  if (received === undefined || received.count > sent.count) return false
  const hash = createHash('sha256')
  for (let n = 0; n < received.count; n++) hash.update(sequenced(n, size))
  return hash.digest('hex') === received.hash
}
