/** How the test runner runs suites side by side. */
import assert from 'node:assert/strict'
import { type Print, sideBySide } from '../scripts/side-by-side.ts'

/** A task that is started and ended by the test. */
function task(name: string) {
  let end = () => {}
  let start = (_print: Print) => {}
  const ended = new Promise<string>((resolve) => {
    end = () => resolve(name)
  })
  const started = new Promise<Print>((resolve) => {
    start = resolve
  })
  const run = (print: Print) => {
    start(print)
    return ended
  }
  return { run, end: () => end(), started }
}

describe('suites side by side', () => {
  it('print one after the other, the first at once, and return their results in order', async () => {
    const [a, b, c] = [task('a'), task('b'), task('c')]
    const printed: string[] = []
    const all = sideBySide([a.run, b.run, c.run], 2, (text) => printed.push(text))
    const [printA, printB] = await Promise.all([a.started, b.started])
    printB('b1')
    printA('a1')
    assert.deepEqual(printed, ['a1'])
    b.end()
    const printC = await c.started
    printC('c1')
    printA('a2')
    assert.deepEqual(printed, ['a1', 'a2'])
    a.end()
    c.end()
    assert.deepEqual(await all, ['a', 'b', 'c'])
    assert.deepEqual(printed, ['a1', 'a2', 'b1', 'c1'])
  })

  it('are never more than so many', async () => {
    let [running, most] = [0, 0]
    const run = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    }
    await sideBySide(Array<typeof run>(9).fill(run), 3, () => {})
    assert.equal(most, 3)
  })
})
