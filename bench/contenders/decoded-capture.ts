/** Ours: captures a flood, and decodes it if `decoded` is in the URL. Reports how much processor time decoding takes. */
import { captureFlood } from '../harness/captured-flood.ts'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import type { LoadedProtocol } from '../load/protocols.ts'

const { url, count, warmup } = JSON.parse(process.argv[2] ?? '') as Task
const { searchParams } = new URL(url)
const protocol = searchParams.get('protocol') as LoadedProtocol
const isDecoded = searchParams.has('decoded')

await captureFlood(protocol, warmup, isDecoded)
const meter = new Meter()
meter.start()
const decoding = await captureFlood(protocol, count, isDecoded)
process.send?.(meter.stop(count, { decoding }), undefined, undefined, () => process.exit(0))
