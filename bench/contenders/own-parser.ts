/** The protocol's own parser over the payloads of a capture; the one that checks them too, if `checks` is in the URL. */
import type { Task } from '../harness/contender.ts'
import { captureConversation } from '../harness/conversation.ts'
import { Meter } from '../harness/meter.ts'
import { type LoadedProtocol, PROTOCOL_LOADS, type ProtocolLoad } from '../load/protocols.ts'

const { url, count } = JSON.parse(process.argv[2] ?? '') as Task
const { searchParams } = new URL(url)
const protocol = searchParams.get('protocol') as LoadedProtocol
const load: ProtocolLoad = PROTOCOL_LOADS[protocol]
const parserOf = searchParams.has('checks') ? load.checkingParser : load.parser
if (parserOf === undefined) throw new Error(`${protocol} has no parser that checks messages.`)
const parse = await parserOf()
const filled = captureConversation(protocol, count)
const first = filled.capture.count - count

function parseAll(): void {
  for (let n = 0; n < count; n++) parse(filled.capture.text(first + n) ?? '')
}

parseAll()
const meter = new Meter()
meter.start()
parseAll()
const measurement = meter.stop(count)
filled.remove()
process.send?.(measurement, undefined, undefined, () => process.exit(0))
