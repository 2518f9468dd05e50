/** Tests that every decoder of a sub-protocol has to pass. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type {
  ConnectionDecoder,
  ConnectionFacts,
  Decoder,
  EncodedMessage,
} from '../../../src/decode/decoder.ts'
import { PacketMap } from '../../../src/decode/packet-map.ts'
import { checkMap } from '../check-map.ts'
import { FACTS, message, messagesOf, pathOf, RECORDINGS, withValue } from './recordings.ts'

const ROUNDS = 200

/** Pseudo-random numbers below `limit`, the same in every run. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % limit
  }
}

/** Decodes with maps until the decoder gives up, which it has to say in a sentence. */
function decodeUntilGivenUp(decoding: ConnectionDecoder, messages: Iterable<EncodedMessage>): void {
  try {
    for (const each of messages) {
      const map = new PacketMap()
      const packets = decoding.decode(each, map)
      for (const packet of packets) withValue(packet)
      const mapped = map.finish(packets.length, each.size)
      checkMap(mapped, packets.length, each.size)
      if (packets.length === 0)
        assert.equal(decoding.isInsidePacket?.(each) === true, mapped.unfinished !== null)
    }
  } catch (thrown) {
    assert.ok(thrown instanceof Error && !(thrown instanceof assert.AssertionError), String(thrown))
    assert.match(thrown.message, /^[A-Z].*\.$/s, `${thrown.stack}`)
  }
}

/** A message with one byte changed, removed or repeated, or with its end cut off. */
function mutated(original: EncodedMessage, random: (limit: number) => number): EncodedMessage {
  const { payload } = original
  if (payload.length === 0) return original
  const at = random(payload.length)
  const [before, after] = [payload.subarray(0, at), payload.subarray(at + 1)]
  const changed = [
    () => Buffer.concat([before, Uint8Array.of(random(256)), after]),
    () => Buffer.concat([before, after]),
    () => Buffer.concat([payload.subarray(0, at + 1), payload.subarray(at)]),
    () => before,
  ][random(4)]?.()
  return changed === undefined ? original : { ...original, payload: changed, size: changed.length }
}

function factsIn(path: string): ConnectionFacts[] {
  const events = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events
    .filter(({ type, attempt }) => type === 'connect' && attempt === 0)
    .map(({ connection, url, transport, method, headers }) => {
      const open = events.find((event) => event.type === 'open' && event.connection === connection)
      return {
        connection,
        url,
        transport: open?.transport ?? transport,
        method,
        subprotocol: open?.subprotocol,
        requestHeaders: headers,
        responseHeaders: open?.headers,
      }
    })
}

/** The recordings that a decoder recognizes. */
export function takenBy(decoder: Decoder): string[] {
  return RECORDINGS.filter(
    (name) =>
      factsIn(pathOf(name)).some((each) => decoder.recognize(each) !== undefined) ||
      messagesOf(name.replace('.rtsession', '')).some(
        (each) => decoder.recognizeMessage?.(each) !== undefined,
      ),
  )
}

/** Recognition by facts, fuzzing and copies. `names` are all recordings that speak the protocol; `own` are
 * messages that no recording has. */
export function itIsRobust(
  decoder: Decoder,
  names: readonly string[],
  facts: ConnectionFacts = FACTS,
  own: readonly EncodedMessage[] = [],
): void {
  const open = async (): Promise<ConnectionDecoder> => {
    await decoder.load?.()
    const decoding = decoder.open(facts)
    decoding.opened?.(facts)
    return decoding
  }
  const recorded = [...names.flatMap((name) => messagesOf(name)), ...own]
  const messages = recorded.map((each) => ({ ...each, facts, url: facts.url ?? '' }))

  it('recognizes no other protocol', async () => {
    await decoder.load?.()
    const files = names.map((name) => `${name}.rtsession`)
    assert.deepEqual(
      takenBy(decoder).filter((name) => !files.includes(name)),
      [],
    )
  })

  it('survives changed messages', async () => {
    const random = randomNumbers(1)
    for (let round = 0; round < ROUNDS; round++) {
      const share = 1 + random(20)
      const changed = messages.map((each) => (random(share) === 0 ? mutated(each, random) : each))
      decodeUntilGivenUp(await open(), changed.slice(random(changed.length)))
    }
  })

  it('survives random bytes', async () => {
    const random = randomNumbers(2)
    for (let round = 0; round < ROUNDS * 5; round++) {
      const bytes = Uint8Array.from({ length: random(64) }, () => random(256))
      const direction = random(2) === 0 ? 'in' : 'out'
      const each = message(bytes, { facts, direction, binary: random(2) === 0 })
      assert.doesNotThrow(() => decoder.recognizeMessage?.(each))
      decodeUntilGivenUp(await open(), [each, each])
    }
  })

  it('keeps little of endless messages', async () => {
    for (const { payload, binary, direction } of messages.slice(0, 10)) {
      const decoding = await open()
      const head = payload.subarray(0, Math.max(1, payload.length - 2))
      const filler = message(Buffer.alloc(1 << 20, 'a'), { facts, binary, direction })
      decodeUntilGivenUp(decoding, [message(head, { facts, binary, direction }), ...Array(80).fill(filler)])
      assert.ok((decoding.stateSize ?? 0) < 200e6, `${decoding.stateSize}`)
    }
  })

  it('continues from a copy', async () => {
    const straight = await open()
    let copied: ConnectionDecoder = await open()
    for (const each of messages) {
      const before = copied.copy()
      const packets = copied.decode(each).map(withValue)
      assert.deepEqual(packets, straight.decode(each).map(withValue))
      // The copy has not seen the message that the original has.
      assert.deepEqual(before.decode(each).map(withValue), packets)
      copied = before
    }
  })
}
