/** How the test runner runs suites side by side. */
import assert from 'node:assert/strict'
import { type Print, sideBySide } from '../scripts/side-by-side.ts'

/** A task that is started and ended by the test. */
function task(name: string, ready?: Promise<unknown>) {
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
  return { ready, run, end: () => end(), started }
}

describe('suites side by side', () => {
  it('print one after the other, the first at once, and return their results in order', async () => {
    const [a, b, c] = [task('a'), task('b'), task('c')]
    const printed: string[] = []
    const all = sideBySide([a, b, c], 2, (text) => printed.push(text))
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

  it('start as soon as they are ready, the first of them first, and print in that order', async () => {
    let fail = (_error: Error) => {}
    const install = new Promise((_resolve, reject) => {
      fail = reject
    })
    const [a, b, c, d] = [task('a', install), task('b'), task('c'), task('d')]
    const printed: string[] = []
    const all = sideBySide([a, b, c, d], 1, (text) => printed.push(text))
    const printB = await b.started
    fail(new Error('A task that cannot be prepared runs as well, and says so.'))
    printB('b1')
    await new Promise((resolve) => setImmediate(resolve))
    b.end()
    const printA = await a.started
    printA('a1')
    a.end()
    await c.started
    c.end()
    await d.started
    d.end()
    assert.deepEqual(await all, ['a', 'b', 'c', 'd'])
    assert.deepEqual(printed, ['b1', 'a1'])
  })

  it('are never more than so many', async () => {
    let [running, most] = [0, 0]
    const run = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    }
    await sideBySide(
      Array.from({ length: 9 }, () => ({ run })),
      3,
      () => {},
    )
    assert.equal(most, 3)
  })
})
