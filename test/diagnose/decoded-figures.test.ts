import assert from 'node:assert/strict'
import { DecodedFigures } from '../../src/diagnose/figures/decoded.ts'
import type { ObjectMessage } from '../../src/diagnose/object-message.ts'
import { type DecodingChoices, SessionPass } from '../../src/diagnose/session-pass.ts'
import { decodeRecording, eventsOf } from '../decode/expected.ts'
import { pathOf } from '../decode/protocols/recordings.ts'

async function figuresOf(path: string, choices?: DecodingChoices): Promise<DecodedFigures> {
  const figures = new DecodedFigures()
  const taker = {
    listener: figures,
    readsPlainJson: true,
    add: (...given: Parameters<DecodedFigures['add']>) => figures.add(...given),
    addObject: ({ connection, name }: ObjectMessage) => figures.addObject(connection, name),
  }
  const pass = new SessionPass([taker], choices)
  for (const event of await eventsOf(path)) await pass.add(event)
  return figures
}

describe('the figures of decoded events', () => {
  it('count the objects of each connection by name, also if these take turns', () => {
    const figures = new DecodedFigures()
    for (const [connection, name] of [
      [1, 'a'],
      [1, 'a'],
      [2, 'a'],
      [1, 'a'],
      [1, undefined],
      [2, undefined],
      [1, 'b'],
    ] as const)
      figures.addObject(connection, name)
    const countsOf = (connection: number) =>
      Object.fromEntries(figures.report(connection).map(({ name, packets }) => [name, packets]))
    assert.deepEqual(countsOf(1), { a: 3, event: 1, b: 1 })
    assert.deepEqual(countsOf(2), { a: 1, event: 1 })
  })

  for (const name of ['socketio', 'graphqlws', 'stomp', 'mqtt'])
    it(`count the packets of ${name} as its decoder finds them`, async () => {
      const path = pathOf(`${name}.rtsession`)
      const figures = await figuresOf(path)
      const { decoded, connections } = await decodeRecording(path)
      const rows = connections.flatMap((connection) => figures.report(connection))
      assert.equal(
        rows.reduce((sum, { packets }) => sum + packets, 0),
        decoded.length,
      )
      const eventCountOf = (each: string) =>
        rows.reduce((sum, row) => sum + (row.name === each ? (row.kinds.event ?? 0) : 0), 0)
      for (const { name: each } of rows)
        assert.equal(
          eventCountOf(each),
          decoded.filter((packet) => (packet.name ?? packet.kind) === each && packet.kind === 'event').length,
        )
      // The first answer to each request; heartbeats ask for nothing that anybody waits for.
      const answers = decoded.filter(({ kind }) => kind !== 'heartbeat').map(({ answers }) => answers)
      const answered = new Set(answers.filter((each) => each !== undefined))
      assert.ok(answered.size > 0)
      assert.equal(
        rows.reduce((sum, row) => sum + row.answered, 0),
        answered.size,
      )
    })

  it('follow the choice of the user', async () => {
    const figures = await figuresOf(pathOf('socketio.rtsession'), { choiceFor: () => ({ decoder: 'none' }) })
    assert.deepEqual(figures.report(1), [])
  })
})
