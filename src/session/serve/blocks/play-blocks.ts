/** Plays the blocks of an attempt to one client, without waiting for the recorded times. */
import type { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { type AttemptPass, type PlayedEvent, playPasses } from '../play-attempt.ts'
import type { AttemptBlocks } from './attempt-blocks.ts'
import type { Place } from './block.ts'

export interface BlockPlayback extends AttemptPass {
  readonly blocks: AttemptBlocks
  /** Where the client starts. */
  readonly place: Place
  /** Sends the bytes of a block. Settles when more can be sent: to true if all bytes were written. */
  send(parts: readonly Uint8Array[]): Promise<boolean>
  /** Delivers an event that each client gets in its own way. Settles when more can be sent. */
  deliver?(event: PlayedEvent): Promise<void>
}

/** Settles at the recorded end, to the state of the framing. Rejects with the signal's reason, or if the recording cannot be read. */
export async function playBlocks(run: BlockPlayback): Promise<string> {
  const { blocks, pacer, signal, send } = run
  let { place } = run
  const deliver = async (event: PlayedEvent) => {
    await pacer.until(event.time)
    await run.deliver?.(event)
  }
  await playPasses(run, async () => {
    for (let block = blocks.at(place); block !== undefined; block = blocks.at(place)) {
      if (block.event !== undefined) await deliver(block.event)
      else if (await send(block.parts)) blocks.release(block)
      signal.throwIfAborted()
      place = block.next
    }
    place = { ...place, skip: 0 }
  })
  return place.state
}

/**
 * Writes to a stream at the pace of its client. Settles when more can be written, in another turn of the event loop: to true if
 * the system has all bytes, so that nothing reads them any more.
 */
export async function writeParts(stream: Writable, parts: readonly Uint8Array[]): Promise<boolean> {
  stream.cork()
  for (const part of parts) stream.write(part)
  stream.uncork()
  await setImmediate()
  await drained(stream)
  return stream.writableLength === 0 && !stream.destroyed
}

/** Settles when more can be written, or when the stream is closed. */
export async function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain || stream.closed) return
  await new Promise<void>((resolve) => {
    const settle = () => {
      stream.off('drain', settle)
      stream.off('close', settle)
      resolve()
    }
    stream.on('drain', settle)
    stream.on('close', settle)
  })
}
