import assert from 'node:assert/strict'
import type { ActiveFault } from '../../../src/proxy/faults/active-fault.ts'
import { FaultGate } from '../../../src/proxy/faults/fault-gate.ts'
import { HeldMessages } from '../../../src/proxy/faults/held-messages.ts'
import { Guard } from '../../../src/proxy/guard.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import { parseFault } from '../../../src/shared/faults/fault-text.ts'
import type { FaultSpec } from '../../../src/shared/faults.ts'

const decoder = new TextDecoder()

interface Recorded {
  readonly text: string
  readonly faults: readonly string[]
}

/** A gate with these faults, and what passed through it. */
function gateWith(
  faults: readonly string[],
  test?: ActiveFault['test'],
  failed: (failure: Failure) => void = (failure) => assert.fail(failure),
) {
  const specs: FaultSpec[] = faults.flatMap(parseFault)
  let active: readonly ActiveFault[] = specs.map((spec) => ({ spec, ...(test !== undefined && { test }) }))
  const passed: { readonly text: string; readonly at: number }[] = []
  const recorded: Recorded[] = []
  const pauses: boolean[] = []
  const held = new HeldMessages(() => {})
  const origin = performance.now()
  const now = () => performance.now() - origin
  const gate = new FaultGate({
    held,
    connection: () => 1,
    ordinal: 1,
    faults: () => active,
    now,
    guard: new Guard(failed),
    passed: () => {},
    exit: {
      write: ({ event }, payload = event.payload) =>
        passed.push({ text: decoder.decode(payload), at: now() }),
      record: ({ event }, what, payload = event.payload) =>
        recorded.push({ text: decoder.decode(payload), faults: what }),
      pause: () => pauses.push(true),
      resume: () => pauses.push(false),
    },
  })
  return {
    ...{ gate, held, passed, recorded, pauses, now },
    send(...texts: readonly string[]) {
      for (const text of texts) {
        const payload = Buffer.from(text)
        gate.take({
          event: { type: 'message', time: now(), direction: 'in', opcode: 'text', payload },
          bytes: payload,
        })
      }
    },
    texts: () => passed.map(({ text }) => text),
    /** Resolves once all that was taken has passed. */
    flushed: () => new Promise<void>((resolve) => gate.behind(resolve)),
    setFaults(next: readonly string[]) {
      active = next.flatMap(parseFault).map((spec) => ({ spec }))
      gate.changed()
    },
  }
}

const NUMBERS = Array.from({ length: 200 }, (_, index) => `message ${index}`)

describe('the gate of faults', () => {
  it('passes messages at once without faults', () => {
    const { send, texts, recorded } = gateWith([])
    send('a', 'b')
    assert.deepEqual(texts(), ['a', 'b'])
    assert.deepEqual(recorded, [
      { text: 'a', faults: [] },
      { text: 'b', faults: [] },
    ])
  })

  it('drops the same share of the messages for the same seed, and records them', () => {
    const runs = ['drop=0.1,seed=1', 'drop=0.1,seed=1', 'drop=0.1,seed=2'].map((fault) => {
      const run = gateWith([fault])
      run.send(...NUMBERS)
      const dropped = run.recorded.filter(({ faults }) => faults.includes('drop')).map(({ text }) => text)
      assert.deepEqual(
        run.texts(),
        NUMBERS.filter((text) => !dropped.includes(text)),
      )
      assert.ok(dropped.length > 5 && dropped.length < 40, `${dropped.length} of 200`)
      return dropped
    })
    assert.deepEqual(runs[0], runs[1])
    assert.notDeepEqual(runs[0], runs[2])
  })

  it('makes the same choices for a fault whatever the others do', () => {
    const alone = gateWith(['drop=0.2,seed=1'])
    const together = gateWith(['drop=0.2,seed=1', 'duplicate=0.5,seed=4', 'corrupt=0.5,seed=5'])
    for (const run of [alone, together]) run.send(...NUMBERS)
    const dropped = ({ recorded }: typeof alone) => recorded.map(({ faults }) => faults.includes('drop'))
    assert.deepEqual(dropped(alone), dropped(together))
  })

  it('passes a message on exactly twice', () => {
    const { send, texts, recorded } = gateWith(['duplicate=0.3,seed=3'])
    send(...NUMBERS)
    assert.ok(recorded.some(({ faults }) => faults.length > 0))
    assert.deepEqual(
      texts(),
      recorded.flatMap(({ text, faults }) => (faults.includes('duplicate') ? [text, text] : [text])),
    )
  })

  it('lets a message pass behind the next one', async () => {
    const { send, texts, recorded, flushed } = gateWith(['reorder=0.4,seed=3'])
    send(...NUMBERS)
    await flushed()
    const expected = [...NUMBERS]
    for (const [index, { faults }] of recorded.entries())
      if (faults.includes('reorder') && index + 1 < expected.length)
        [expected[index], expected[index + 1]] = [expected[index + 1] ?? '', expected[index] ?? '']
    assert.notDeepEqual(texts(), NUMBERS)
    assert.deepEqual(texts(), expected)
  })

  it('passes a message that should pass behind the next one a second later if none comes', async () => {
    const { send, passed, flushed } = gateWith(['reorder=1'])
    send('alone')
    await flushed()
    assert.ok((passed[0]?.at ?? 0) >= 999, String(passed[0]?.at))
  })

  it('holds each message for at least the delay, and later ones behind it', async () => {
    const { send, passed, flushed, recorded, now } = gateWith(['delay=50', 'jitter=30,seed=1'])
    const sent = now()
    send('a', 'b', 'c')
    assert.equal(passed.length, 0)
    await flushed()
    assert.deepEqual(
      passed.map(({ text }) => text),
      ['a', 'b', 'c'],
    )
    for (const [index, { at }] of passed.entries()) {
      const [delay = '', jitter = ''] = recorded[index]?.faults ?? []
      assert.equal(delay, 'delay=50')
      assert.match(jitter, /^jitter=\d+$/)
      const least = 50 + Number(jitter.slice('jitter='.length))
      assert.ok(at - sent >= least - 1, `${at - sent} ms, not ${least}`)
    }
  })

  it('changes one character of a text, which stays valid UTF-8, and records what passed', () => {
    const { send, texts, recorded } = gateWith(['corrupt=1,seed=9'])
    const texts200 = NUMBERS.map((text) => `${text} häßlich ✓`)
    send(...texts200)
    for (const [index, text] of texts().entries()) {
      const original = texts200[index] ?? ''
      assert.equal([...text].filter((char, at) => char !== [...original][at]).length, 1, text)
      assert.deepEqual(recorded[index], { text, faults: ['corrupt'] })
    }
  })

  it('takes the time that the bytes need at a rate', async () => {
    const { send, passed, flushed, recorded } = gateWith(['throttle=10KB/s'])
    send('x'.repeat(1000), 'y'.repeat(1000))
    await flushed()
    assert.ok((passed[0]?.at ?? 0) >= 99, String(passed[0]?.at))
    assert.ok((passed[1]?.at ?? 0) >= 199, String(passed[1]?.at))
    assert.match(recorded[1]?.faults[0] ?? '', /^throttle=(?:199|2\d\d)$/)
  })

  it('waits for longer than a timer can', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on('warning', warned)
    const { gate, send, texts } = gateWith(['throttle=1'])
    send('x'.repeat(3_000_000))
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', warned)
    gate.stop()
    assert.deepEqual(warnings, [])
    assert.deepEqual(texts(), [])
  })

  it('holds messages until they are released, changed or dropped, and pauses the sender before too much waits', () => {
    const { send, texts, held, recorded, pauses } = gateWith(['hold'])
    send('a', 'b', 'c')
    assert.deepEqual(texts(), [])
    const [a, b, c] = held.list().map(({ id }) => id)
    held.release(a ?? 0)
    held.release(c ?? 0, Buffer.from('changed'))
    assert.deepEqual(texts(), ['a'], 'a message does not overtake one that is held')
    held.release(b ?? 0, null)
    assert.deepEqual(texts(), ['a', 'changed'])
    assert.deepEqual(
      recorded.map(({ text, faults }) => [text, ...faults.map((fault) => fault.replace(/\d+/, 'N'))]),
      [
        ['a', 'hold=N'],
        ['changed', 'hold=N', 'edit'],
        ['b', 'hold=N', 'drop'],
      ],
    )
    assert.throws(() => held.release(a ?? 0), { code: 'NO_MESSAGE' })
    send(...Array.from({ length: 1000 }, String))
    assert.deepEqual(pauses, [true])
    for (const { id } of held.list()) held.release(id)
  })

  it('releases what it holds if no fault holds any more, and drops it if the connection ends', () => {
    const released = gateWith(['hold'])
    released.send('a', 'b')
    released.setFaults([])
    assert.deepEqual(released.texts(), ['a', 'b'])
    const ended = gateWith(['hold'])
    ended.send('a')
    ended.gate.stop()
    assert.deepEqual(ended.texts(), [])
    assert.deepEqual(ended.held.list(), [])
    assert.match(ended.recorded[0]?.faults.join() ?? '', /^hold=\d+,drop$/)
  })

  it('keeps the order while a filter takes its time', async () => {
    const matches = ({ payload }: { payload: Uint8Array }) =>
      payload[0] === 0x61 ? new Promise<boolean>((resolve) => setImmediate(resolve, true)) : false
    const { send, texts, flushed, recorded } = gateWith(['duplicate=1'], { matches, stop: () => {} })
    send('a1', 'b', 'a2')
    await flushed()
    assert.deepEqual(texts(), ['a1', 'a1', 'b', 'a2', 'a2'])
    assert.equal(recorded.length, 3)
  })
})
