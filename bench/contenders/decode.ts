/** Ours: decodes all messages of a capture on demand, and then those of a window at each thousandth message. */
import assert from 'node:assert/strict'
import { OnDemandDecoder } from '../../src/decode/decode-on-demand.ts'
import type { Task } from '../harness/contender.ts'
import { captureConversation, startOf } from '../harness/conversation.ts'
import { Meter } from '../harness/meter.ts'
import type { LoadedProtocol } from '../load/protocols.ts'

const WINDOW = 60

const { url, count } = JSON.parse(process.argv[2] ?? '') as Task
const protocol = new URL(url).searchParams.get('protocol') as LoadedProtocol
const filled = captureConversation(protocol, count)
const { capture } = filled
const first = capture.count - count

/** Resolves to the number of answers that are paired. */
async function decodeAll(): Promise<number> {
  let told = () => {}
  const decoder = new OnDemandDecoder(capture, () => startOf(protocol), { onProgress: () => told() })
  // Until it is read, a protocol that only messages show is taken for JSON.
  while (decoder.decode(capture.count - 1) === undefined || decoder.reached < capture.count)
    await new Promise<void>((resolve) => {
      told = resolve
    })
  let answers = 0
  for (let from = first; from + WINDOW < capture.count; from += 100 * WINDOW)
    for (let n = from; n < from + WINDOW; n++)
      for (const event of decoder.decode(n) ?? []) {
        assert.equal(event.protocol, protocol)
        if (event.answers !== undefined) answers++
      }
  assert.ok(answers > 0)
  return answers
}

await decodeAll()
const meter = new Meter()
meter.start()
const answers = await decodeAll()
const measurement = meter.stop(count, { answers })
filled.remove()
process.send?.(measurement, undefined, undefined, () => process.exit(0))
