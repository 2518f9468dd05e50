/** Conversations as the specifications of protocols show them, for tests. */
import assert from 'node:assert/strict'
import { idsOf } from '../../../src/decode/ids/ids.ts'
import { idTableWith } from '../../../src/decode/ids/table.ts'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'

/**
 * Direction, text or JSON, and what it is decoded to: kind, name, channel, ID, the message that it answers (an index of
 * the conversation), and the value if it is not the whole message.
 */
export type Said = readonly [
  direction: 'in' | 'out',
  content: unknown,
  kind: string,
  name?: string | undefined,
  channel?: string | undefined,
  id?: string | undefined,
  answers?: number | undefined,
  value?: unknown,
]

export interface Talk {
  readonly protocol: string
  readonly url?: string
  readonly subprotocol?: string
  readonly reason: string
  readonly says: readonly Said[]
}

/** Events before the first message. */
const HEAD = 2

/** Checks that the conversation is recognized, and every message decoded as it says. */
export async function check(talk: Talk): Promise<void> {
  const { protocol, url = 'wss://host.example/', subprotocol, reason, says } = talk
  const session = new SessionDecoder()
  await session.loadAll()
  const transport = 'websocket'
  session.decode(0, { type: 'connect', connection: 1, time: 0, transport, url, attempt: 0 })
  session.decode(1, {
    type: 'open',
    connection: 1,
    time: 0,
    transport,
    headers: {},
    ...(subprotocol !== undefined && { subprotocol }),
  })
  for (const [index, [direction, content, kind, name, channel, id, answers, value]] of says.entries()) {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    const number = index + HEAD
    const decoded = session.decode(number, {
      type: 'message',
      connection: 1,
      time: number,
      direction,
      opcode: 'text',
      payload: Buffer.from(text),
    })
    assert.equal(decoded?.length, 1, `${protocol}: ${text}`)
    const [packet] = decoded
    assert.deepEqual(
      [packet?.protocol, packet?.kind, packet?.name, packet?.channel, packet?.id],
      [protocol, kind, name, channel, id],
      text,
    )
    assert.equal(packet?.answers, answers === undefined ? undefined : answers + HEAD + 1, text)
    if (value !== undefined || typeof content !== 'string')
      assert.deepEqual(packet?.value, value ?? content, text)
  }
  assert.equal(session.chosenFor(1)?.reason, reason)
  assert.equal(session.problemOf(1), undefined)
  checkIds(talk)
}

/** Checks that an answer has the id of its request, if both have ids of requests. */
function checkIds({ protocol, url = 'wss://host.example/', says }: Talk): void {
  const splitter = idTableWith().get(protocol)?.splitter({ connection: 1, url, transport: 'websocket' })
  const ids = says.map(([direction, content]) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    const packets = splitter?.push({ direction, payload: Buffer.from(text) }) ?? []
    return packets
      .flatMap(idsOf)
      .filter(({ kind }) => kind === 'request')
      .map(({ id, side }) => `${id} ${side}`)
  })
  for (const [index, [, content, , , , , answers]] of says.entries()) {
    const [own = [], theirs = []] = [ids[index], ids[answers ?? -1]]
    if (answers === undefined || own.length === 0 || theirs.length === 0) continue
    const isTheirs = own.some((id) => theirs.includes(id))
    assert.ok(isTheirs, `${protocol}: ${JSON.stringify(content)} has ${own}, its request ${theirs}`)
  }
}
