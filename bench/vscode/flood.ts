/** One flood of messages through a real VS Code, from the generator to the painted row. */
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
/** Milliseconds in which the rest must arrive, be painted, or be saved. */
const PATIENCE = 60_000

export interface Flood {
  readonly sent: number
  readonly received: number
  /** Most messages by which the generator was behind its rate. */
  readonly mostBehind: number
  readonly isWhole: boolean
  /** Milliseconds from sending the last message to painting it. */
  readonly caughtUp: number
  readonly observed: Observed
  readonly loop: LoopDelay
  readonly processors: Shares
  /** By number of events, 0 for the start. */
  readonly memory: ReadonlyMap<number, EditorMemory>
  readonly peak: EditorMemory
  /** Milliseconds, and whether everything that had arrived is complete. */
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
    // The index of the last message, after `connect` and `open`.
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
      throw new Error('The generator did not report what it sent.')
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
    if (performance.now() > deadline) throw new Error('The messages did not arrive in time.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
