import assert from 'node:assert/strict'
import { ProxyFaults } from '../../../src/proxy/faults/proxy-faults.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import { parseFault } from '../../../src/shared/faults/fault-text.ts'
import type { FaultSpec } from '../../../src/shared/faults.ts'

function faultsOf(...texts: readonly string[]): FaultSpec[] {
  return texts.flatMap(parseFault)
}

/** The faults of a proxy, and how its connections were cut. */
function proxyWith(...texts: readonly string[]) {
  const marks: string[] = []
  const faults = new ProxyFaults(faultsOf(...texts), {
    now: () => performance.now(),
    mark: (text) => marks.push(text),
    changed: () => {},
    test: () => ({ matches: () => true, stop: () => {} }),
  })
  return {
    ...{ faults, marks },
    /** Opens a connection. `cut` resolves to the sentence that says why it was cut. */
    open(id = 1, url = 'ws://localhost/live') {
      // Before the timers of the faults begin, so that a busy machine makes the wait longer only.
      const openedAt = performance.now()
      let report: (sentence: string) => void = () => {}
      const cut = new Promise<string>((resolve) => {
        report = resolve
      })
      const needsGate: boolean[] = []
      const connection = faults.opened({
        ...{ id, url },
        cut(failure: Failure) {
          connection.ended()
          report(failure.message)
        },
        setGates: (gates) => needsGate.push(gates !== undefined),
      })
      return { connection, needsGate, cut, openedAt }
    },
  }
}

const WS = { id: 1, url: 'ws://localhost/live' }

describe('the faults of a proxy', () => {
  it('let everything pass without faults, and need no gates', () => {
    const { faults, open, marks } = proxyWith()
    assert.equal(faults.deny(WS), undefined)
    const { needsGate, connection } = open()
    assert.deepEqual(needsGate, [])
    connection.ended()
    assert.deepEqual(marks, [])
  })

  it('cut a connection after a time, and say why', async () => {
    const { open } = proxyWith('cut-after=120ms')
    const { cut, openedAt } = open()
    assert.equal(await cut, 'The proxy cut the connection on purpose (cut-after=120ms).')
    // Timers of Node.js count from when the turn of the event loop began, which a busy machine makes earlier.
    assert.ok(performance.now() - openedAt >= 60)
  })

  it('cut a connection if nothing has passed for a time, counted from the last activity', async () => {
    const { open } = proxyWith('idle-timeout=150ms')
    const { cut, connection } = open()
    await new Promise((resolve) => setTimeout(resolve, 80))
    const active = performance.now()
    connection.activity()
    assert.match(await cut, /idle-timeout=150/)
    assert.ok(performance.now() - active >= 75, `${performance.now() - active} ms after the activity`)
  })

  it('refuse the same requests for the same seed', () => {
    const choices = ['refuse=0.5,seed=1', 'refuse=0.5,seed=1', 'refuse=0.5,seed=2'].map((text) => {
      const { faults } = proxyWith(text)
      return Array.from({ length: 60 }, () => faults.deny(WS) !== undefined)
    })
    assert.deepEqual(choices[0], choices[1])
    assert.notDeepEqual(choices[0], choices[2])
    const refused = choices[0]?.filter(Boolean).length ?? 0
    assert.ok(refused > 10 && refused < 50, String(refused))
  })

  it('hit the same messages for the same seed, whatever other responses pass before', () => {
    const runs = [0, 3].map((others) => {
      const { open } = proxyWith('drop=0.5,seed=1')
      for (let other = 0; other < others; other++)
        open(undefined, 'http://localhost/image.png').connection.ended()
      const dropped: boolean[] = []
      const { connection } = open()
      const exit = { write() {}, pause() {}, resume() {} }
      const gate = connection.gate('in', {
        ...exit,
        record: (_message, faults) => dropped.push(faults.includes('drop')),
      })
      const payload = Buffer.from('x')
      for (let count = 0; count < 50; count++)
        gate.take({ event: { type: 'message', time: 0, direction: 'in', payload }, bytes: payload })
      connection.ended()
      return dropped
    })
    assert.deepEqual(runs[0], runs[1])
  })

  it('answer requests whose URL has the text', () => {
    const { faults } = proxyWith('status=503,match=/live')
    assert.equal(faults.deny(WS)?.status, 503)
    assert.equal(faults.deny({ url: 'http://localhost/other' }), undefined)
  })

  it('cut all once as a restart does, refuse meanwhile, and accept again', async () => {
    const { open, faults, marks } = proxyWith('restart=80ms,after=50ms')
    const [first, second] = [open(1), open(2)]
    await Promise.all([first.cut, second.cut])
    assert.ok(performance.now() - first.openedAt >= 25)
    assert.match(
      faults.deny(WS)?.failure.message ?? '',
      /refused the connection on purpose \(restart=80,after=50\)/,
    )
    const isBack = () => marks.some((text) => text.startsWith('The proxy accepts connections again'))
    while (!isBack()) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(faults.deny(WS), undefined)
    const third = open(1)
    const outcome = await Promise.race([
      third.cut,
      new Promise((resolve) => setTimeout(resolve, 200, 'open')),
    ])
    assert.equal(outcome, 'open', 'it happens once')
    faults.stop()
  })

  it('can be those of one connection, in place of those of all', () => {
    const { faults, open } = proxyWith('drop=0.5,seed=1')
    const one = open(1)
    const two = open(2)
    faults.set(faultsOf('status=500'), 2)
    assert.deepEqual([one.needsGate, two.needsGate], [[true], [true, false]])
    assert.equal(faults.deny({ ...WS, id: 2 })?.status, 500)
    assert.equal(faults.deny(WS), undefined)
    faults.set([], 2)
    assert.deepEqual(two.needsGate, [true, false, true])
    faults.stop()
  })

  it('get a seed that repeats them, and are noted in the session', () => {
    const { faults, marks } = proxyWith('drop=0.1')
    const [drop] = faults.status().faults
    assert.ok(Number.isInteger(drop?.seed))
    assert.deepEqual(marks, [`Faults on purpose: drop=0.1,seed=${drop?.seed}`])
    faults.set([])
    assert.equal(marks.at(-1), 'No more faults on purpose')
  })

  it('are noted as they are after a change of one connection, or of all', () => {
    const { faults, marks } = proxyWith('delay=5')
    const note = () => marks.at(-1)
    faults.set(faultsOf('status=500'), 2)
    assert.equal(note(), 'Faults on purpose on connection 2: status=500')
    faults.set(faultsOf('delay=7'))
    assert.equal(note(), 'Faults on purpose (connection 2 has other ones): delay=7')
    faults.set([], 2)
    assert.equal(note(), 'Connection 2 has the faults on purpose of all connections again: delay=7')
    faults.set([])
    assert.equal(note(), 'No more faults on purpose')
    faults.set([], 2)
    assert.equal(note(), 'No more faults on purpose on connection 2')
  })

  it('of one connection go on counting when those of all others change', () => {
    const { faults, open } = proxyWith()
    const { connection, cut } = open(2)
    faults.set(faultsOf('cut-after=2n'), 2)
    const gate = connection.gate('in', {
      ...{ write: () => {}, record: () => {}, pause: () => {}, resume: () => {} },
    })
    const payload = new Uint8Array(1)
    const take = () =>
      gate.take({ event: { type: 'message', time: 0, direction: 'in', payload }, bytes: payload })
    take()
    faults.set(faultsOf('delay=0'))
    take()
    return cut
  })

  it('are checked', () => {
    const { faults } = proxyWith()
    assert.throws(() => faults.set([{ kind: 'drop', value: 7 }]), { code: 'BAD_FAULT' })
    const many = Array.from({ length: 33 }, () => ({ kind: 'delay', value: 1 }) as const)
    assert.throws(() => faults.set(many), { code: 'BAD_FAULT' })
  })
})
