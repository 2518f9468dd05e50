/** One flood through a real VS Code, from the generator to the painted row. */
import { join } from 'node:path'
import { startPacedLoad } from '../harness/paced.ts'
import type { LoopDelay } from './companion.ts'
import { type Editor, type Observed, Observer, openPanel } from './editor.ts'
import { type EditorMemory, editorMemory } from './memory.ts'
import { countProcessors, type Shares } from './processor.ts'
import { isBeginning, isWhole, readReceived } from './verify.ts'

/** Bytes of each message. */
export const SIZE = 100
const MARKS = [1_000_000, 5_000_000]
/** Seconds into the second connection at which it is disconnected. */
const DISCONNECT_AFTER = 3
/** Milliseconds the rest may take to arrive, be painted, or be saved. */
const PATIENCE = 60_000

export interface Flood {
  readonly sent: number
  readonly received: number
  /** Messages the generator was behind its rate at the worst moment. */
  readonly mostBehind: number
  readonly isWhole: boolean
  /** Milliseconds from the last message sent to it being painted. */
  readonly caughtUp: number
  readonly observed: Observed
  readonly loop: LoopDelay
  readonly processors: Shares
  /** By the number of events, 0 for the start. */
  readonly memory: ReadonlyMap<number, EditorMemory>
  readonly peak: EditorMemory
  /** Milliseconds, and whether what had come by then is whole. */
  readonly disconnect: { readonly milliseconds: number; readonly isWhole: boolean; readonly received: number }
}

export async function flood(editor: Editor, rate: number, seconds: number): Promise<Flood> {
  const { workbench, companion, folder } = editor
  await openPanel(workbench)
  const host = await companion('pid')
  const load = await startPacedLoad()
  try {
    const memory = new Map([[0, editorMemory(host)]])
    const peak = { extensionHost: 0, renderer: 0 }
    const observer = await Observer.attach(workbench)
    await companion('resetDelay')
    const shares = countProcessors(host)
    const spec = { transport: 'websocket', reconnect: 'never' }
    const first = await companion('connect', { ...spec, url: load.url({ rate, seconds, size: SIZE }) })
    const sampler = setInterval(() => {
      void observer.last().then((last) => {
        const now = editorMemory(host)
        peak.extensionHost = Math.max(peak.extensionHost, now.extensionHost)
        peak.renderer = Math.max(peak.renderer, now.renderer)
        for (const mark of MARKS) if (last >= mark * 0.995 && !memory.has(mark)) memory.set(mark, now)
      }, console.error)
    }, 1000)
    await load.over(1)
    const ended = performance.now()
    clearInterval(sampler)
    const count = load.sent[0]?.count ?? 0
    // Connect, open, and the messages: the last of them has that index.
    await until(async () => (await observer.last()) >= count + 1)
    const caughtUp = performance.now() - ended
    const loop = await companion('delay')
    const processors = shares()
    const observed = await observer.stop()

    const again = load.url({ rate, seconds: seconds + DISCONNECT_AFTER, size: SIZE })
    const second = await companion('connect', { ...spec, url: again })
    await new Promise((resolve) => setTimeout(resolve, DISCONNECT_AFTER * 1000))
    const milliseconds = await observer.disconnect()
    await load.over(2)

    const path = join(folder, 'flood.rtsession')
    await companion('save', path)
    const received = await readReceived(path)
    const [whole, cut] = load.sent
    if (whole === undefined || cut === undefined)
      throw new Error('The generator says nothing of what it sent.')
    const isCutWhole = isBeginning(received.get(second), cut, SIZE)
    return {
      ...{ sent: whole.count, mostBehind: whole.mostBehind, received: received.get(first)?.count ?? 0 },
      ...{ isWhole: isWhole(received.get(first), whole), caughtUp, observed, loop, processors, memory, peak },
      disconnect: { milliseconds, isWhole: isCutWhole, received: received.get(second)?.count ?? 0 },
    }
  } finally {
    load.stop()
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('What was sent did not arrive in time.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
