/** The limits of searching: `Buffer.indexOf` over the bytes, and parsing every payload to test one value. */
import type { Task } from '../harness/contender.ts'
import { DISTINCT } from '../harness/filled-capture.ts'
import { Meter } from '../harness/meter.ts'
import { payload } from '../load/payloads.ts'

const { url, count, size } = JSON.parse(process.argv[2] ?? '') as Task
const { searchParams } = new URL(url)
const needle = searchParams.get('text')
const bytes = Buffer.allocUnsafeSlow(count * size)
for (let n = 0; n < count; n++) bytes.set(payload(n % DISTINCT, size), n * size)

function indexOf(text: string): number {
  let matches = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) matches++
  return matches
}

function parseAndTest(): number {
  let matches = 0
  for (let n = 0; n < count; n++) {
    const { price } = JSON.parse(bytes.toString('utf8', n * size, (n + 1) * size)) as { price: number }
    if (price > 995) matches++
  }
  return matches
}

const work = () => (needle === null ? parseAndTest() : indexOf(needle))
work()
const meter = new Meter()
meter.start()
const matches = work()
process.send?.(meter.stop(count, { matches }), undefined, undefined, () => process.exit(0))
